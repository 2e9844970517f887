#include "emulator/platform/emulator_clock.hpp"

#include <algorithm>
#include <cmath>

namespace tongs::emulator {

EmulatorClock::EmulatorClock(RealTime real, PlatformTime saved) noexcept {
  anchor(real, std::max(saved, PlatformTime(real.time_since_epoch())));
}

void EmulatorClock::anchor(RealTime real, PlatformTime platform) noexcept {
  anchor_real_ = real;
  anchor_platform_ = platform;
  last_real_ = real;
}

PlatformTime EmulatorClock::at(RealTime real) noexcept {
  const auto passed = static_cast<double>((std::max(real, last_real_) - anchor_real_).count());
  const PlatformTime now = anchor_platform_ + Millis(static_cast<Millis::rep>(passed * scale_));
  if (real < last_real_) anchor(real, now);  // somebody set the machine's clock back: go on from here
  last_real_ = real;
  return now;
}

void EmulatorClock::advance_to(RealTime real, PlatformTime target) noexcept {
  anchor(real, std::max(at(real), target));
}

void EmulatorClock::set_scale(RealTime real, double scale) noexcept {
  anchor(real, at(real));
  scale_ = scale;
}

Millis EmulatorClock::wait_until(RealTime real, PlatformTime target) noexcept {
  const Millis missing = std::max(target - at(real), Millis(0));
  return Millis(static_cast<Millis::rep>(std::ceil(static_cast<double>(missing.count()) / scale_)));
}

}  // namespace tongs::emulator
