#include "emulator/courier.hpp"

#include <algorithm>
#include <utility>

#include "emulator/machine_clock.hpp"
#include "emulator/platform/lifecycle.hpp"

namespace tongs::emulator {

namespace {

/// A little more than the largest answer that reaches a browser (contract 1.5), which is refused by itself.
constexpr std::size_t kMaxAnswer = std::size_t{6} * 1024 * 1024;
constexpr std::chrono::milliseconds kLongestSleep{60'000};

}  // namespace

Courier::Courier(net::Reactor& reactor, World& world)
    : reactor_(reactor),
      world_(world),
      client_(reactor),
      transport_(client_, kMaxAnswer),
      due_(reactor.context),
      settled_(reactor.context, net::Steady::time_point::max()) {}

net::Task<> Courier::attempt(std::vector<DeliveryId> deliveries) {
  for (const DeliveryId id : deliveries) start(id);
  const auto under_way = [this](DeliveryId id) {
    const Delivery* delivery = world_.deliveries.find(id);
    return delivery != nullptr && delivery->state == DeliveryState::under_way;
  };
  while (std::any_of(deliveries.begin(), deliveries.end(), under_way)) {
    (void)co_await settled_.async_wait(net::use_tuple);  // some attempt ended; was it the last of ours?
  }
}

net::Task<> Courier::run() {
  for (;;) {
    const Moment now = world_.at(real_now());
    for (const DeliveryId id : take_due(world_, now)) start(id);
    const auto due = next_due(world_);
    const Millis wait = due ? world_.clock.wait_until(now.real, *due) : kLongestSleep;
    due_.expires_after(std::clamp(wait, Millis(1), kLongestSleep));
    (void)co_await due_.async_wait(net::use_tuple);  // it is time, or somebody woke us: both mean look again
  }
}

void Courier::start(DeliveryId id) {
  auto attempt = begin_attempt(world_, id, world_.at(real_now()));
  if (attempt) net::asio::co_spawn(reactor_.context, carry(*std::move(attempt)), net::asio::detached);
}

net::Task<> Courier::carry(Attempt attempt) {
  co_await pause(attempt.delay);
  Outcome outcome;
  if (attempt.instead) {
    outcome = *std::move(attempt.instead);
  } else {
    if (attempt.twice) (void)co_await send(attempt);  // a duplicate, which nobody at the platform looks at
    outcome = co_await send(attempt);
  }
  finish_attempt(world_, attempt.delivery, std::move(outcome), world_.at(real_now()));
  settled_.cancel();
  wake();
}

net::Task<Outcome> Courier::send(const Attempt& attempt) {
  const auto began = net::Steady::now();
  auto answer = co_await transport_.send(attempt.request, began + attempt.limit);
  Outcome outcome;
  outcome.duration = std::chrono::duration_cast<Millis>(net::Steady::now() - began);
  if (answer) {
    outcome.kind = Outcome::Kind::answered;
    outcome.response = *std::move(answer);
  } else if (answer.error().code() == Errc::deadline_exceeded) {
    outcome.kind = Outcome::Kind::timed_out;
  }
  co_return outcome;
}

net::Task<> Courier::pause(Millis length) {
  if (length <= Millis(0)) co_return;
  net::Timer timer(reactor_.context);
  timer.expires_after(length);
  (void)co_await timer.async_wait(net::use_tuple);  // nobody cancels it
}

}  // namespace tongs::emulator
