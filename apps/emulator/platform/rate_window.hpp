#pragma once
#include <cstdint>
#include <optional>

#include "emulator/base/time.hpp"

namespace tongs::emulator {

/// Counts calls in fixed windows of one minute of the platform's time. Thread safety: none.
class RateWindow {
 public:
  /// Counts a call if the window has room for it; else how long until the next window.
  std::optional<Millis> take(std::int64_t limit, PlatformTime now) noexcept;

 private:
  PlatformTime start_{};
  std::int64_t used_ = 0;
};

}  // namespace tongs::emulator
