#pragma once
#include <optional>

#include <tongs/adapter.hpp>
#include <tongs/call_options.hpp>
#include <tongs/result.hpp>

#include "client/bound_client_state.hpp"

namespace tongs::detail {

/// One call of a bound client, from its first attempt to its end. What to do after a failure is decided by
/// `http/backoff.hpp`; this carries it out.
class RetryLoop {
 public:
  using State = BoundClientAccess::State;

  /// Borrows all three.
  RetryLoop(const State& state, const ApiRequest& request, const CallOptions& call) noexcept
      : state_(state), request_(request), call_(call) {}

  Result<HttpResponse> run();

 private:
  Result<HttpResponse> attempt();
  bool another_credential_after(const Error& error);
  std::optional<Error> pause_after(const Error& error);
  Error ended_early(Error error) const;

  const State& state_;
  const ApiRequest& request_;
  const CallOptions& call_;
  std::optional<Identity> sent_as_;  ///< of the last attempt; empty if it ended before it was sent
  std::optional<Error> last_failure_;
  int attempts_ = 0;
  bool refused_before_ = false;
};

}  // namespace tongs::detail
