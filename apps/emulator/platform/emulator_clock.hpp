#pragma once
#include "emulator/base/time.hpp"

namespace tongs::emulator {

/// The platform's time as a function of the machine's: it runs `scale` times as fast, and an admin may push
/// it forward. It follows the machine through sleep, and never goes back. Thread safety: none.
class EmulatorClock {
 public:
  explicit EmulatorClock(RealTime real) noexcept : EmulatorClock(real, PlatformTime{}) {}
  /// Continues where another run stopped, but not behind the machine's clock.
  EmulatorClock(RealTime real, PlatformTime saved) noexcept;

  /// The platform's time at a moment of the machine.
  PlatformTime at(RealTime real) noexcept;
  /// Pushes the clock forward to `target`, unless it is past it already.
  void advance_to(RealTime real, PlatformTime target) noexcept;
  /// `scale` is above 0.
  void set_scale(RealTime real, double scale) noexcept;

  double scale() const noexcept { return scale_; }
  /// How long the machine waits until the platform's clock shows `target`; zero if it does already.
  Millis wait_until(RealTime real, PlatformTime target) noexcept;

 private:
  void anchor(RealTime real, PlatformTime platform) noexcept;

  RealTime anchor_real_;
  PlatformTime anchor_platform_;
  RealTime last_real_;
  double scale_ = 1;
};

}  // namespace tongs::emulator
