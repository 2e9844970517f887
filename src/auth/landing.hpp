#pragma once
#include <condition_variable>
#include <mutex>
#include <optional>

#include <tongs/call_options.hpp>
#include <tongs/result.hpp>
#include <tongs/token.hpp>

namespace tongs::detail {

/// Where the callers of one flight wait for its end, each with his own limits.
/// Thread safety: any.
class Landing {
 public:
  /// Ends every wait with this outcome; none: the flight was abandoned, and who still wants a token asks the
  /// cell again. Called once.
  void land(std::optional<Result<AccessToken>> outcome);

  /// The outcome, or none if the flight was abandoned. Errors of the caller's own: deadline_exceeded,
  /// cancelled.
  std::optional<Result<AccessToken>> wait(const CallOptions& call);

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool landed_ = false;
  std::optional<Result<AccessToken>> outcome_;
};

/// Passes the time until `moment` on the steady clock. False if the caller's own limit came first.
bool pause_until(MonoTime moment, const CallOptions& call);

}  // namespace tongs::detail
