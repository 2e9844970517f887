#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>

#include <tongs/token_manager.hpp>

#include "auth/account_map.hpp"
#include "auth/landing.hpp"
#include "auth/live_flight.hpp"
#include "auth/token_cell.hpp"

namespace tongs {

using detail::Account;
using detail::AccountKey;
using detail::AccountShard;
using detail::Landing;
using detail::LiveFlight;
using detail::TokenCell;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

namespace {

/// A refresh ahead of time happens only if an executor or a caller may spend time on it.
TokenPolicy effective(const TokenPolicy& wanted, bool in_background) noexcept {
  TokenPolicy policy = detail::within_limits(wanted);
  if (!in_background && policy.ahead_budget.count() == 0) policy.refresh_ahead = std::chrono::seconds(0);
  return policy;
}

/// What a cell said, and where the flight that it named will land.
struct Order {
  TokenCell::Step step;
  std::shared_ptr<Landing> landing = nullptr;
};

Order ask(AccountShard& shard, Account& account, Now now) {
  Order order{account.cell.get(now)};
  if (std::holds_alternative<TokenCell::Serve>(order.step)) {
    ++shard.hits;
  } else if (std::holds_alternative<TokenCell::Join>(order.step)) {
    ++shard.joins;
    order.landing = shard.landings.at(&account);
  } else if (!std::holds_alternative<TokenCell::Fail>(order.step)) {
    shard.hits += std::holds_alternative<TokenCell::ServeAndFetch>(order.step) ? 1 : 0;
    order.landing = std::make_shared<Landing>();
    shard.landings.insert_or_assign(&account, order.landing);
  }
  return order;
}

}  // namespace

/// The shell around the cells: it locks, waits and fetches, and leaves every decision to a cell. No lock is
/// held while the source, the executor or a caller runs. Flights keep the desk and not this object, so that
/// no executor ends on a thread of its own.
struct TokenManager::Impl : std::enable_shared_from_this<TokenManager::Impl> {
  Impl(std::shared_ptr<detail::TokenDesk> what_flights_share, std::shared_ptr<Executor> executor)
      : desk(std::move(what_flights_share)), background(std::move(executor)) {}

  Result<AccessToken> get(const AccountId& account, const CallOptions& call);
  std::optional<Result<AccessToken>> carry_out(Order order, const AccountId& account, Executor* executor,
                                               const CallOptions& call);
  bool outlasts_a_fetch(const CallOptions& call) const noexcept;

  const std::shared_ptr<detail::TokenDesk> desk;
  const std::shared_ptr<Executor> background;
};

Result<AccessToken> TokenManager::Impl::get(const AccountId& account, const CallOptions& call) {
  const AccountKey key(account);
  Executor* executor = background.get();
  for (;;) {
    const Now now = desk->clock->now();
    Order order = desk->accounts.visit(key, now.mono, [now](AccountShard& shard, Account& remembered) {
      return ask(shard, remembered, now);
    });
    if (auto* serve = std::get_if<TokenCell::Serve>(&order.step)) return std::move(serve->token);
    if (auto* fail = std::get_if<TokenCell::Fail>(&order.step)) return std::move(fail->error);
    if (auto outcome = carry_out(std::move(order), account, executor, call)) return *std::move(outcome);
    executor = nullptr;  // a flight was abandoned: whoever saw that leads the next one himself
  }
}

/// None: the flight was abandoned, so ask again.
std::optional<Result<AccessToken>> TokenManager::Impl::carry_out(Order order, const AccountId& account,
                                                                 Executor* executor,
                                                                 const CallOptions& call) {
  const auto self = shared_from_this();  // the manager may end while this caller waits
  if (std::holds_alternative<TokenCell::Join>(order.step)) return order.landing->wait(call);

  if (auto* ahead = std::get_if<TokenCell::ServeAndFetch>(&order.step)) {
    LiveFlight flight(desk, account, ahead->flight, MonoTime::min(), order.landing);
    if (executor == nullptr) {
      const nanoseconds most = std::min(desk->policy.ahead_budget, desk->policy.fetch_timeout);
      return std::move(flight).run(std::min(most, ahead->usable_for), call);
    }
    std::move(flight).launch(desk->policy.fetch_timeout, *executor);
    return std::move(ahead->token);
  }

  const auto& fetch = std::get<TokenCell::Fetch>(order.step);
  LiveFlight flight(desk, account, fetch.flight, fetch.not_before, order.landing);
  if (executor == nullptr || outlasts_a_fetch(call)) {
    return std::move(flight).run(desk->policy.fetch_timeout, call);
  }
  std::move(flight).launch(desk->policy.fetch_timeout, *executor);
  return order.landing->wait(call);
}

/// Then he may lead it on his own thread, without the way through the executor.
bool TokenManager::Impl::outlasts_a_fetch(const CallOptions& call) const noexcept {
  return !call.stop.stop_possible() && call.deadline > steady_clock::now() + desk->policy.fetch_timeout;
}

TokenManager::TokenManager(std::shared_ptr<UserTokenSource> source, TokenPolicy policy,
                           std::shared_ptr<const Clock> clock, std::shared_ptr<Executor> background)
    : impl_(std::make_shared<Impl>(
          std::make_shared<detail::TokenDesk>(std::move(source), std::move(clock),
                                              effective(policy, background != nullptr)),
          std::move(background))) {}
TokenManager::TokenManager(std::shared_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
TokenManager::TokenManager(TokenManager&&) noexcept = default;
TokenManager& TokenManager::operator=(TokenManager&&) noexcept = default;
TokenManager::~TokenManager() = default;

const InstallationId& TokenManager::installation() const noexcept {
  return impl_->desk->source->installation();
}

Result<AccessToken> TokenManager::get_token(const AccountId& account, const CallOptions& call) {
  return impl_->get(account, call);
}

Result<void> TokenManager::prefetch(const AccountId& account, const CallOptions& call) {
  return get_token(account, call).and_then([](const AccessToken&) { return Result<void>(); });
}

void TokenManager::invalidate(const AccountId& account) {
  impl_->desk->accounts.visit_known(AccountKey(account), [](AccountShard& shard, Account& remembered) {
    remembered.cell.invalidate();
    shard.landings.erase(&remembered);
  });
}

bool TokenManager::invalidate(const AccessToken& rejected) {
  bool was_current = false;
  impl_->desk->accounts.visit_known(AccountKey(rejected.account()),
                                    [&](AccountShard& shard, Account& remembered) {
                                      was_current = remembered.cell.invalidate(rejected);
                                      if (was_current) shard.landings.erase(&remembered);
                                    });
  return was_current;
}

void TokenManager::invalidate_all() {
  impl_->desk->accounts.visit_all([](AccountShard& shard, Account& remembered) {
    remembered.cell.invalidate();
    shard.landings.erase(&remembered);
  });
}

TokenManagerStats TokenManager::stats() const { return impl_->desk->accounts.stats(); }

}  // namespace tongs
