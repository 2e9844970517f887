#include "auth/live_flight.hpp"

#include <algorithm>
#include <utility>

#include "auth/caller_limits.hpp"
#include "auth/fetched_token.hpp"

namespace tongs::detail {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

namespace {

/// Nobody joins a flight that has ended or was disowned.
void close(AccountShard& shard, const Account& account, const std::shared_ptr<Landing>& landing) {
  const auto open = shard.landings.find(&account);
  if (open != shard.landings.end() && open->second == landing) shard.landings.erase(open);
}

/// A source that gave up by itself is no caller's wish.
Error no_answer(Error error) {
  return Error(Errc::transport_failed, "the token source gave no answer in time")
      .with_cause(std::move(error));
}

}  // namespace

LiveFlight::LiveFlight(std::weak_ptr<TokenDesk> desk, const AccountId& account, TokenCell::Flight number,
                       MonoTime not_before, std::shared_ptr<Landing> landing)
    : desk_(std::move(desk)),
      account_(account),
      number_(number),
      not_before_(not_before),
      landing_(std::move(landing)) {}

LiveFlight::~LiveFlight() {
  if (!landing_) return;
  if (const auto desk = desk_.lock()) {
    abandon(*desk, std::nullopt);
  } else {
    landing_->land(std::nullopt);
  }
}

Result<AccessToken> LiveFlight::run(nanoseconds limit, const CallOptions& leader) && {
  const auto desk = desk_.lock();
  if (!desk) return Error(Errc::cancelled, "the token manager is gone");
  const auto leave = [&](std::optional<MonoTime> contacted) -> Result<AccessToken> {
    if (auto token = abandon(*desk, contacted)) return *std::move(token);
    return departure(leader);
  };
  if (!hold(*desk, leader)) return leave(std::nullopt);

  const Now asked = desk->clock->now();
  const CallOptions call{.deadline = std::min(leader.deadline, steady_clock::now() + limit),
                         .stop = leader.stop};
  auto answer = desk->source->fetch(account_, call).and_then([&](FetchedToken fetched) {
    return checked(std::move(fetched), account_, asked);
  });
  if (!answer && is_departure(answer.error())) {
    if (has_left(leader)) return leave(asked.mono);
    answer = no_answer(std::move(answer).error());
  }
  return land(*desk, answer, asked);
}

void LiveFlight::launch(nanoseconds limit, Executor& executor) && {
  executor.post([flight = std::make_shared<LiveFlight>(std::move(*this)), limit] {
    (void)std::move(*flight).run(limit, {});  // the outcome is with the cell and the landing
  });
}

bool LiveFlight::hold(const TokenDesk& desk, const CallOptions& leader) const {
  const MonoTime now = desk.clock->mono_now();
  if (not_before_ <= now) return !has_left(leader);
  return pause_until(steady_clock::now() + (not_before_ - now), leader);
}

Result<AccessToken> LiveFlight::land(TokenDesk& desk, const Result<AccessToken>& answer, Now asked) {
  const Now now = desk.clock->now();
  const std::uint32_t random = desk.random.draw();
  Result<AccessToken> outcome = answer;
  desk.accounts.visit_known(AccountKey(account_), [&](AccountShard& shard, Account& account) {
    shard.fetches += 1;
    shard.failures += answer ? 0 : 1;
    outcome = answer ? account.cell.fetched(number_, *answer, asked, now, random)
                     : account.cell.failed(number_, answer.error(), now, random);
    close(shard, account, landing_);
  });
  std::exchange(landing_, nullptr)->land(outcome);
  return outcome;
}

std::optional<AccessToken> LiveFlight::abandon(TokenDesk& desk, std::optional<MonoTime> contacted) {
  const Now now = desk.clock->now();
  std::optional<AccessToken> left;
  desk.accounts.visit_known(AccountKey(account_), [&](AccountShard& shard, Account& account) {
    shard.fetches += contacted ? 1 : 0;
    account.cell.abandoned(number_, contacted);
    left = account.cell.living(now);
    close(shard, account, landing_);
  });
  std::exchange(landing_, nullptr)->land(std::nullopt);
  return left;
}

}  // namespace tongs::detail
