#include "emulator/courier.hpp"

#include <algorithm>

#include "emulator/platform/lifecycle.hpp"
#include "http/url.hpp"

namespace tongs::emulator {

namespace {

constexpr std::size_t kMaxAnswer = 5 * 1024 * 1024;  ///< contract 1.5
constexpr std::chrono::milliseconds kLongestSleep{60'000};

Millis since(net::Steady::time_point began) {
  return std::chrono::duration_cast<Millis>(net::Steady::now() - began);
}

}  // namespace

RealTime real_now() noexcept { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

Courier::Courier(net::Reactor& reactor, World& world)
    : reactor_(reactor),
      world_(world),
      client_(reactor),
      transport_(client_, kMaxAnswer),
      timer_(reactor.context) {}

net::Task<> Courier::attempt(std::vector<DeliveryId> deliveries) {
  net::Timer pause(reactor_.context);
  for (const DeliveryId id : deliveries) {
    for (;;) {
      const Delivery* delivery = world_.deliveries.find(id);
      if (delivery == nullptr || delivery->last) break;
      if (delivery->state == DeliveryState::waiting) {
        co_await attempt_one(id);
        continue;
      }
      if (delivery->state != DeliveryState::under_way) break;
      pause.expires_after(std::chrono::milliseconds(1));  // `run` was faster and has it on its way
      (void)co_await pause.async_wait(net::use_tuple);
    }
  }
  wake();
}

net::Task<> Courier::run() {
  for (;;) {
    const Moment now = world_.at(real_now());
    for (const DeliveryId id : take_due(world_, now)) {
      net::asio::co_spawn(reactor_.context, attempt_one(id), net::asio::detached);
    }
    const auto due = next_due(world_);
    const Millis wait = due ? world_.clock.wait_until(now.real, *due) : kLongestSleep;
    timer_.expires_after(std::clamp(wait, Millis(1), kLongestSleep));
    (void)co_await timer_.async_wait(
        net::use_tuple);  // it is time, or somebody woke us: both mean look again
  }
}

net::Task<> Courier::attempt_one(DeliveryId id) {
  auto attempt = begin_attempt(world_, id, world_.at(real_now()));
  if (!attempt) co_return;
  if (attempt->delay > Millis(0)) {
    net::Timer pause(reactor_.context);
    pause.expires_after(attempt->delay);
    (void)co_await pause.async_wait(net::use_tuple);
  }
  Outcome outcome;
  if (attempt->instead) {
    outcome = *std::move(attempt->instead);
  } else {
    if (attempt->twice) (void)co_await send(*attempt);  // a duplicate, which nobody at the platform looks at
    outcome = co_await send(*attempt);
  }
  finish_attempt(world_, id, std::move(outcome), world_.at(real_now()));
  wake();
}

net::Task<Outcome> Courier::send(const Attempt& attempt) {
  const auto began = net::Steady::now();
  Outcome outcome;
  const Delivery* delivery = world_.deliveries.find(attempt.delivery);
  if (delivery != nullptr && !may_reach(attempt.request, delivery->message.remote)) {
    world_.note("refused",
                {{"remote", delivery->message.remote},
                 {"reason",
                  "its base URL is not on this machine: say where it lives with --remote KEY=URL or PUT "
                  "/_emulator/remotes/KEY"}},
                world_.at(real_now()));
    co_return outcome;
  }
  auto answer = co_await transport_.send(attempt.request, began + attempt.limit);
  outcome.duration = since(began);
  if (answer) {
    outcome.kind = Outcome::Kind::answered;
    outcome.response = *std::move(answer);
  } else if (answer.error().code() == Errc::deadline_exceeded) {
    outcome.kind = Outcome::Kind::timed_out;
  }
  co_return outcome;
}

bool Courier::may_reach(const HttpRequest& request, std::string_view remote) const {
  if (world_.remote_urls.contains(remote)) return true;
  const auto url = detail::parse_url(request.url);
  return url && detail::is_loopback(*url);
}

}  // namespace tongs::emulator
