#pragma once
#include <condition_variable>
#include <cstddef>
#include <mutex>

#include <tongs/testing/fake_clock.hpp>

namespace tongs {

/// A fake clock that tells how often it was asked. A shell asks once per decision, so a test can wait until
/// all its threads have decided something, without sleeping. Thread safety: any.
class ObservedClock final : public Clock {
 public:
  WallTime wall_now() const noexcept override { return time.wall_now(); }
  MonoTime mono_now() const noexcept override {
    {
      const std::lock_guard hold(mutex_);
      ++readings_;
    }
    changed_.notify_all();
    return time.mono_now();
  }

  /// Blocks until the steady reading was taken `count` times since this clock was made.
  void wait_for_readings(std::size_t count) const {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [&] { return readings_ >= count; });
  }
  std::size_t readings() const {
    const std::lock_guard hold(mutex_);
    return readings_;
  }

  testing::FakeClock time;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable std::size_t readings_ = 0;
};

}  // namespace tongs
