#pragma once
#include <chrono>
#include <cstdint>

#include <tongs/clock.hpp>

namespace tongs::gateway {

/// A token bucket that never lets more than its limit through in any minute, wherever the minute begins: a
/// fifth of the limit at once, the rest evenly. A peer that has enough nevertheless stops it for a while and
/// halves it, at most to a sixteenth; each minute without another complaint doubles it again. It has no
/// clock. Thread safety: none.
class Pace {
 public:
  /// Precondition: `per_minute` is at least 1.
  explicit Pace(std::uint32_t per_minute) noexcept;

  /// When the n-th from now (the next one is 1) may go: `now`, if it may at once.
  MonoTime turn(std::uint64_t n, MonoTime now) const noexcept;
  /// One goes. Precondition: its turn has come.
  void spend(MonoTime now) noexcept;
  /// The peer complained. `wait`: how long it asked for, of which an hour at most is obeyed.
  void throttled(std::chrono::milliseconds wait, MonoTime now) noexcept;
  /// Until when nobody goes because of that.
  MonoTime stopped_until() const noexcept { return stopped_until_; }
  /// What is let through in a minute from now on, if nothing changes.
  std::uint32_t per_minute(MonoTime now) const noexcept;

 private:
  int halvings(MonoTime now) const noexcept;
  std::chrono::nanoseconds gap(MonoTime now) const noexcept;

  std::uint32_t limit_;
  std::int64_t burst_;
  std::chrono::nanoseconds gap_;        ///< between two that go evenly, before any halving
  MonoTime full_at_ = MonoTime::min();  ///< when the bucket will be full again
  MonoTime stopped_until_ = MonoTime::min();
  int halved_ = 0;  ///< as of `stopped_until_`
};

}  // namespace tongs::gateway
