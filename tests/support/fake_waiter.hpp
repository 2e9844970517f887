#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "client/waiter.hpp"

namespace tongs::test {

/// Passes the time that it is asked to wait in no time. For one thread.
class FakeWaiter final : public detail::Waiter {
 public:
  Now now() const override { return now_; }
  std::uint32_t random() const override { return random_; }
  void wait(std::chrono::milliseconds pause, const CallOptions&) const override {
    pauses_.push_back(pause);
    now_.mono += pause;
    now_.wall += std::chrono::floor<std::chrono::seconds>(pause);
    if (during_wait) during_wait();
  }

  const std::vector<std::chrono::milliseconds>& pauses() const { return pauses_; }
  void set_random(std::uint32_t random) { random_ = random; }

  std::function<void()> during_wait;

 private:
  mutable Now now_{WallTime(std::chrono::seconds(1'700'000'000)), MonoTime(std::chrono::hours(1))};
  mutable std::vector<std::chrono::milliseconds> pauses_;
  std::uint32_t random_ = UINT32_MAX;
};

}  // namespace tongs::test
