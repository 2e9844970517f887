#include "emulator/platform/rate_window.hpp"

namespace tongs::emulator {

std::optional<Millis> RateWindow::take(std::int64_t limit, PlatformTime now) noexcept {
  const PlatformTime window = std::chrono::floor<std::chrono::minutes>(now);
  if (window != start_) {
    start_ = window;
    used_ = 0;
  }
  if (used_ >= limit) return window + std::chrono::minutes(1) - now;
  ++used_;
  return std::nullopt;
}

}  // namespace tongs::emulator
