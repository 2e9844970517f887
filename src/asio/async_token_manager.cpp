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

using Landing = detail::AsioLanding<Result<AccessToken>>;

struct Entry {
  Entry(const AccountId& account, const TokenPolicy& policy) : cell(account, policy) {}
  detail::TokenCell cell;
  std::shared_ptr<Landing> landing;  ///< of the flight of the present generation
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

  void take_off(const AccountId& account, Entry& entry, detail::TokenCell::Flight flight,
                MonoTime not_before) {
    entry.landing = std::make_shared<Landing>(context);
    ++stats.fetches;
    boost::asio::co_spawn(context, fly(shared_from_this(), account, flight, not_before, entry.landing),
                          boost::asio::detached);
  }

  static Task<void> fly(std::shared_ptr<Impl> self, AccountId account, detail::TokenCell::Flight flight,
                        MonoTime not_before, std::shared_ptr<Landing> landing) {
    if (not_before > self->clock->mono_now()) {
      detail::AsioTimer timer(self->context, not_before);
      auto [woken] = co_await timer.async_wait(detail::use_tuple);
      (void)woken;  // nobody cancels it; a context that stops never resumes us
    }
    const Now asked = self->clock->now();
    auto answer = co_await self->source->fetch(account, asked.mono + self->policy.fetch_timeout);
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
  const std::shared_ptr<Impl> self = impl_;
  Entry& entry = self->remember(account);
  const auto step = entry.cell.get(self->clock->now());
  if (const auto* serve = std::get_if<detail::TokenCell::Serve>(&step)) {
    ++self->stats.hits;
    co_return serve->token;
  }
  if (const auto* serve = std::get_if<detail::TokenCell::ServeAndFetch>(&step)) {
    ++self->stats.hits;
    self->take_off(account, entry, serve->flight, MonoTime::min());
    co_return serve->token;
  }
  if (const auto* fail = std::get_if<detail::TokenCell::Fail>(&step)) co_return fail->error;
  if (const auto* fetch = std::get_if<detail::TokenCell::Fetch>(&step)) {
    self->take_off(account, entry, fetch->flight, fetch->not_before);
  } else {
    ++self->stats.joins;
  }
  const std::shared_ptr<Landing> landing = entry.landing;
  auto outcome = co_await landing->wait(deadline);
  if (!outcome) co_return Error(Errc::deadline_exceeded, "the token did not come in time");
  co_return *std::move(outcome);
}

void AsyncTokenManager::invalidate(const AccountId& account) {
  const auto entry = impl_->entries.find(account);
  if (entry == impl_->entries.end()) return;
  entry->second.cell.invalidate();
  entry->second.landing = nullptr;
}

bool AsyncTokenManager::invalidate(const AccessToken& rejected) {
  const auto entry = impl_->entries.find(rejected.account());
  if (entry == impl_->entries.end() || !entry->second.cell.invalidate(rejected)) return false;
  entry->second.landing = nullptr;
  return true;
}

void AsyncTokenManager::invalidate_all() {
  for (auto& [account, entry] : impl_->entries) {
    entry.cell.invalidate();
    entry.landing = nullptr;
  }
}

TokenManagerStats AsyncTokenManager::stats() const {
  TokenManagerStats stats = impl_->stats;
  stats.accounts = impl_->entries.size();
  return stats;
}

}  // namespace tongs
