#include "gateway/broker/fair_limit.hpp"

#include <algorithm>

namespace tongs::gateway {

FairLimit::Step FairLimit::arrive(const InstallationId& installation, Urgency urgency, MonoTime deadline,
                                  MonoTime now) {
  const std::size_t before = before_next(installation, urgency);
  const MonoTime turn = pace_.turn(before + 1, now);
  if (before == 0 && turn <= now) {
    pace_.spend(now);
    return Go{};
  }
  if (turn > deadline || !make_room(installation, urgency, now)) return refusal(before, now);
  const Ticket ticket{++last_ticket_};
  line(urgency).add(installation, ticket);
  waiters_.emplace(ticket, Waiter{installation, urgency, deadline});
  deadlines_.emplace(deadline, ticket);
  return Wait{ticket};
}

std::vector<FairLimit::Settled> FairLimit::advance(MonoTime now) {
  expire(now);
  grant(now);
  return std::exchange(settled_, {});
}

std::optional<MonoTime> FairLimit::next(MonoTime now) const {
  if (!settled_.empty()) return now;
  if (waiters_.empty()) return std::nullopt;
  // One moment later the first deadline is over.
  return std::min(pace_.turn(1, now), deadlines_.begin()->first + std::chrono::nanoseconds(1));
}

std::size_t FairLimit::before_next(const InstallationId& installation, Urgency urgency) const {
  if (urgency == Urgency::waited_for) return waited_for_.before_next(installation);
  return waited_for_.size() + ahead_.before_next(installation);
}

FairLimit::Refused FairLimit::refusal(std::size_t before, MonoTime now) const {
  return {std::chrono::ceil<milliseconds>(pace_.turn(before + 1, now) - now)};
}

/// Whoever waits is more than what is done ahead; of his own kind the longest line gives way.
bool FairLimit::make_room(const InstallationId& installation, Urgency urgency, MonoTime now) {
  if (waiters_.size() < most_waiting_) return true;
  auto loser = urgency == Urgency::waited_for ? ahead_.take() : std::nullopt;
  if (!loser) loser = line(urgency).take_last_of_longest(installation);
  if (!loser) return false;
  const Waiter& lost = waiters_.at(*loser);
  settle(*loser, refusal(before_next(lost.installation, lost.urgency), now));
  return true;
}

void FairLimit::settle(Ticket ticket, std::optional<Refused> refused) {
  const auto waiter = waiters_.find(ticket);
  deadlines_.erase({waiter->second.deadline, ticket});
  waiters_.erase(waiter);
  settled_.push_back({ticket, refused});
}

void FairLimit::expire(MonoTime now) {
  const MonoTime earliest = std::max(now, pace_.stopped_until());
  while (!deadlines_.empty() && deadlines_.begin()->first < earliest) {
    const Ticket ticket = deadlines_.begin()->second;
    const auto [installation, urgency, deadline] = waiters_.at(ticket);
    std::size_t before = line(urgency).before(installation, ticket);
    if (urgency == Urgency::ahead) before += waited_for_.size();
    line(urgency).remove(installation, ticket);
    settle(ticket, refusal(before, now));
  }
}

void FairLimit::grant(MonoTime now) {
  while (!waiters_.empty() && pace_.turn(1, now) <= now) {
    auto ticket = waited_for_.take();
    if (!ticket) ticket = ahead_.take();
    pace_.spend(now);
    settle(*ticket, std::nullopt);
  }
}

}  // namespace tongs::gateway
