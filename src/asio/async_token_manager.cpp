#include <algorithm>
#include <list>
#include <random>
#include <unordered_map>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <tongs/asio.hpp>

#include "asio/landing.hpp"
#include "auth/fetched_token.hpp"
#include "auth/token_cell.hpp"

namespace tongs {

namespace {

using detail::TokenCell;
using Landing = detail::AsioLanding<Result<AccessToken>>;

struct Entry {
  Entry(const AccountId& account, const TokenPolicy& policy) : cell(account, policy) {}
  TokenCell cell;
  std::shared_ptr<Landing> landing;  ///< of the last flight, while it is under way
  std::list<AccountId>::iterator place;
};

}  // namespace

struct AsyncTokenManager::Impl : std::enable_shared_from_this<Impl> {
  Impl(boost::asio::io_context& io, std::shared_ptr<AsyncUserTokenSource> tokens, const TokenPolicy& given,
       std::shared_ptr<const Clock> both_times)
      : context(io),
        source(std::move(tokens)),
        policy(detail::within_limits(given)),
        clock(std::move(both_times)) {}

  Entry& remember(const AccountId& account) {
    const auto known = entries.find(account);
    if (known != entries.end()) {
      recent.splice(recent.begin(), recent, known->second.place);
      return known->second;
    }
    forget_oldest();
    Entry& entry = entries.try_emplace(account, account, policy).first->second;
    entry.place = recent.insert(recent.begin(), account);
    return entry;
  }

  /// Makes room for one more, by the least recently used account that nobody fetches for.
  void forget_oldest() {
    if (entries.size() < policy.max_accounts) return;
    for (auto oldest = recent.rbegin(); oldest != recent.rend(); ++oldest) {
      const auto entry = entries.find(*oldest);
      if (entry->second.cell.has_flights()) continue;
      recent.erase(entry->second.place);
      entries.erase(entry);
      return;
    }
  }

  static Task<Result<AccessToken>> get(std::shared_ptr<Impl> self, AccountId account, MonoTime deadline) {
    Entry& entry = self->remember(account);
    const auto step = entry.cell.get(self->clock->now());
    if (const auto* serve = std::get_if<TokenCell::Serve>(&step)) {
      ++self->stats.hits;
      co_return serve->token;
    }
    if (const auto* serve = std::get_if<TokenCell::ServeAndFetch>(&step)) {
      ++self->stats.hits;
      self->take_off(account, entry, serve->flight);
      co_return serve->token;
    }
    if (const auto* fail = std::get_if<TokenCell::Fail>(&step)) co_return fail->error;

    std::shared_ptr<Landing> landing = entry.landing;
    if (const auto* fetch = std::get_if<TokenCell::Fetch>(&step)) {
      landing = self->take_off(account, entry, fetch->flight);
    } else {
      ++self->stats.joins;
    }
    auto outcome = co_await landing->wait(deadline);
    if (!outcome) co_return std::move(outcome).error();
    co_return *std::move(outcome);
  }

  /// The flight may have landed when this returns: a source need not wait for anything. It need not be held
  /// back either (`Fetch::not_before`), since no flight here is ever abandoned.
  std::shared_ptr<Landing> take_off(const AccountId& account, Entry& entry, TokenCell::Flight flight) {
    auto landing = std::make_shared<Landing>(context);
    entry.landing = landing;
    ++stats.fetches;
    boost::asio::co_spawn(context, fly(shared_from_this(), account, flight, landing), boost::asio::detached);
    return landing;
  }

  static Task<void> fly(std::shared_ptr<Impl> self, AccountId account, TokenCell::Flight flight,
                        std::shared_ptr<Landing> landing) {
    const Now asked = self->clock->now();
    auto answer = co_await self->ask(account, asked.mono + self->policy.fetch_timeout);
    const Now now = self->clock->now();
    Result<AccessToken> token = std::move(answer).and_then(
        [&](FetchedToken fetched) { return detail::checked(std::move(fetched), account, asked); });

    Entry& entry = self->entries.at(account);  // an entry with a flight is never forgotten
    if (!token) ++self->stats.failures;
    const std::uint32_t random = std::random_device{}();
    auto outcome = token ? entry.cell.fetched(flight, *std::move(token), asked, now, random)
                         : entry.cell.failed(flight, std::move(token).error(), now, random);
    if (entry.landing == landing) entry.landing = nullptr;
    landing->land(std::move(outcome));
  }

  /// A flight ends, whatever the source does.
  Task<Result<FetchedToken>> ask(const AccountId& account, MonoTime deadline) const {
    try {
      co_return co_await source->fetch(account, deadline);
    } catch (const std::exception&) {
      co_return Error(Errc::internal, "the token source threw an exception");
    }
  }

  boost::asio::io_context& context;
  std::shared_ptr<AsyncUserTokenSource> source;
  const TokenPolicy policy;
  std::shared_ptr<const Clock> clock;
  std::unordered_map<AccountId, Entry> entries;
  std::list<AccountId> recent;  ///< most recently used first
  TokenManagerStats stats;
};

AsyncTokenManager::AsyncTokenManager(boost::asio::io_context& context,
                                     std::shared_ptr<AsyncUserTokenSource> source, TokenPolicy policy,
                                     std::shared_ptr<const Clock> clock)
    : impl_(std::make_shared<Impl>(context, std::move(source), policy, std::move(clock))) {}
AsyncTokenManager::AsyncTokenManager(AsyncTokenManager&&) noexcept = default;
AsyncTokenManager& AsyncTokenManager::operator=(AsyncTokenManager&&) noexcept = default;
AsyncTokenManager::~AsyncTokenManager() = default;

Task<Result<AccessToken>> AsyncTokenManager::get_token(AccountId account, MonoTime deadline) {
  return Impl::get(impl_, std::move(account), deadline);
}

bool AsyncTokenManager::has_token(const AccountId& account) const {
  const auto entry = impl_->entries.find(account);
  return entry != impl_->entries.end() && entry->second.cell.is_usable(impl_->clock->now());
}

void AsyncTokenManager::invalidate(const AccountId& account) {
  const auto entry = impl_->entries.find(account);
  if (entry != impl_->entries.end()) entry->second.cell.invalidate();
}

bool AsyncTokenManager::invalidate(const AccessToken& rejected) {
  const auto entry = impl_->entries.find(rejected.account());
  return entry != impl_->entries.end() && entry->second.cell.invalidate(rejected);
}

void AsyncTokenManager::invalidate_all() {
  for (auto& [account, entry] : impl_->entries) entry.cell.invalidate();
}

TokenManagerStats AsyncTokenManager::stats() const {
  TokenManagerStats stats = impl_->stats;
  stats.accounts = impl_->entries.size();
  return stats;
}

}  // namespace tongs
