#pragma once
#include <chrono>
#include <cstddef>
#include <memory>

#include "common/net/task.hpp"

namespace tongs::net {

using Steady = std::chrono::steady_clock;

/// Calls `Deadline::expired` of each deadline that has passed, at most `kGrain` late. A timer per operation
/// costs more than the operation, so deadlines are looked at together, a few times a second. Thread safety:
/// none; one context owns watch and deadlines.
class DeadlineWatch {
 public:
  static constexpr std::chrono::milliseconds kGrain{50};

  explicit DeadlineWatch(Context& context);

  /// The time of the last look, at most kGrain old while deadlines are watched: a clock without a system
  /// call.
  Steady::time_point now() const noexcept;

 private:
  friend class Deadline;
  struct State;
  std::shared_ptr<State> state_;
};

/// Something that must happen by a time, such as the next byte of a peer.
/// Thread safety: none. May outlive its watch, as coroutines do that end with their context.
class Deadline {
 public:
  explicit Deadline(DeadlineWatch& watch);
  virtual ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void expires_at(Steady::time_point at) noexcept { at_ = at; }
  void expires_after(Steady::duration wait) noexcept;
  void disarm() noexcept { at_ = Steady::time_point::max(); }

 private:
  friend class DeadlineWatch;
  /// The time is over. The deadline is disarmed already.
  virtual void expired() = 0;

  std::shared_ptr<DeadlineWatch::State> watch_;
  Steady::time_point at_ = Steady::time_point::max();
  std::size_t index_ = 0;
};

}  // namespace tongs::net
