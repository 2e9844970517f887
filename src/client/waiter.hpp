#pragma once
#include <chrono>
#include <cstdint>
#include <memory>

#include <tongs/call_options.hpp>
#include <tongs/clock.hpp>

namespace tongs::detail {

/// What the repetition of calls needs from the world; tests put their own in its place and never sleep.
/// Thread safety: any.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual Now now() const = 0;
  /// Evenly distributed over the whole range.
  virtual std::uint32_t random() const = 0;
  /// Returns after `pause`, or as soon as `call` is stopped.
  virtual void wait(std::chrono::milliseconds pause, const CallOptions& call) const = 0;

  /// The real one. Lives as long as the program.
  static const std::shared_ptr<const Waiter>& system();
};

}  // namespace tongs::detail
