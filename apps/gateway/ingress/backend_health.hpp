#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "common/net/reactor.hpp"

namespace tongs::gateway {

/// When a backend is left alone because it takes no connections.
struct HealthPolicy {
  /// After so many failed connections in a row, with no sign of life between them. 0: never.
  std::uint32_t failures = 5;
  /// For how long at first; each further time is twice as long.
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds longest_pause{1000};
  /// A trial that nothing was heard of for so long is over: a connection that cannot be opened is known
  /// sooner.
  std::chrono::milliseconds trial_time{6000};
};

/// Whether a backend is asked: everything that is decided about it, without clock, lock or socket.
///
/// It is *up* until connections to it fail in a row. Then it is *down*: for a pause nobody asks it, then one
/// request does. If its connection fails too, the next pause is longer; any sign of life ends it. What failed
/// but began before the last of these changes says nothing new. Thread safety: none.
class BackendHealth {
 public:
  using Time = net::Steady::time_point;

  /// May a request go there now? If not, for how long not. While it is down, whoever may is the trial.
  std::optional<std::chrono::milliseconds> pause(const HealthPolicy& policy, Time now) noexcept;
  /// It took a connection or gave an answer. True if it was down.
  bool lives() noexcept;
  /// A connection, tried since `began`, could not be opened. True if it is down now and was not before.
  bool failed(const HealthPolicy& policy, Time began, Time now) noexcept;

  bool up() const noexcept { return !asked_again_at_; }
  /// Up, and nothing has failed since it last lived.
  bool sound() const noexcept { return up() && failures_ == 0; }

 private:
  std::uint32_t failures_ = 0;          ///< in a row
  std::optional<Time> asked_again_at_;  ///< set: down
  std::chrono::milliseconds pause_{0};
  Time changed_{};  ///< when it became up or down, or the trial began
};

}  // namespace tongs::gateway
