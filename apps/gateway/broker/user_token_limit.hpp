#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

#include <tongs/clock.hpp>

#include "asio/landing.hpp"
#include "common/log_sample.hpp"
#include "common/metrics.hpp"
#include "common/net/reactor.hpp"
#include "common/net/timer.hpp"
#include "gateway/broker/fair_limit.hpp"

namespace tongs::gateway {

/// Keeps the platform's limit for offline user tokens, so that the platform has not to: whoever asks waits
/// for his turn first. Thread safety: none; lives in the broker's reactor.
class UserTokenLimit {
 public:
  /// `per_minute` 0: there is no limit. `registry` must outlive it.
  UserTokenLimit(net::Reactor& reactor, std::uint32_t per_minute, metrics::Registry& registry,
                 std::shared_ptr<const Clock> clock = Clock::system());

  /// Ends when it is this installation's turn. Errors: rate_limited (that would be after `deadline`).
  net::Task<Result<void>> turn(InstallationId installation, Urgency urgency, MonoTime deadline);
  /// The platform answered that there were too many questions, and for how long not to come, if it said so.
  void throttled(std::optional<std::chrono::milliseconds> wait);

 private:
  using Landing = detail::AsioLanding<Result<void>>;
  void advance();
  void watch();

  net::Reactor& reactor_;
  std::shared_ptr<const Clock> clock_;
  std::optional<FairLimit> limit_;
  std::unordered_map<Ticket, std::shared_ptr<Landing>> landings_;
  net::Timer timer_;
  log::Sample complaints_;
  metrics::Counter &granted_, &refused_, &throttled_;
  metrics::Gauge &waiting_, &per_minute_;
};

}  // namespace tongs::gateway
