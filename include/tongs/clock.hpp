#pragma once
#include <chrono>
#include <memory>

namespace tongs {

/// What the wire says: seconds since the Unix epoch.
using WallTime = std::chrono::sys_seconds;
/// What waiting uses: never jumps, but stops while the machine sleeps.
using MonoTime = std::chrono::steady_clock::time_point;

/// Both readings of one moment. Decisions take it as an argument and never ask a clock themselves.
struct Now {
  WallTime wall;
  MonoTime mono;
};

/// The seam through which shells learn the time.
/// Thread safety: any.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime wall_now() const noexcept = 0;
  virtual MonoTime mono_now() const noexcept = 0;
  Now now() const noexcept { return {wall_now(), mono_now()}; }

  /// The machine's clock. Lives as long as the program.
  static const std::shared_ptr<const Clock>& system();
};

}  // namespace tongs
