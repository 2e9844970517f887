#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>

#include <tongs/clock.hpp>

namespace tongs::testing {

/// A clock that moves when it is told to. Thread safety: any.
class FakeClock final : public Clock {
 public:
  /// Starts at the moment at which the documented FIT was issued (contract 13.1).
  FakeClock() noexcept : FakeClock(WallTime(std::chrono::seconds(1'700'175'149))) {}
  explicit FakeClock(WallTime wall) noexcept : wall_(nanoseconds(wall.time_since_epoch()).count()) {}

  WallTime wall_now() const noexcept override {
    return WallTime(std::chrono::floor<std::chrono::seconds>(nanoseconds(wall_.load())));
  }
  MonoTime mono_now() const noexcept override { return MonoTime(nanoseconds(mono_.load())); }

  /// Time passes: both readings move.
  void advance(std::chrono::nanoseconds time) noexcept {
    wall_ += time.count();
    mono_ += time.count();
  }
  /// Somebody sets the clock: the wall reading jumps, the steady one does not.
  void set_wall(WallTime wall) noexcept { wall_ = nanoseconds(wall.time_since_epoch()).count(); }
  /// The machine sleeps: the steady reading stands still.
  void suspend(std::chrono::nanoseconds time) noexcept { wall_ += time.count(); }

 private:
  using nanoseconds = std::chrono::nanoseconds;
  std::atomic<std::int64_t> wall_;
  std::atomic<std::int64_t> mono_{nanoseconds(std::chrono::hours(1)).count()};
};

}  // namespace tongs::testing
