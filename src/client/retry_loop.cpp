#include "client/retry_loop.hpp"

#include <utility>

#include "http/backoff.hpp"
#include "http/response_error.hpp"

namespace tongs::detail {

namespace {

bool is_success(int status) noexcept { return status >= 200 && status < 400; }

/// Was it the peer that refused the credential, in a way that another one may heal?
bool is_refusal(const Error& error) noexcept {
  const RemoteDetail* remote = error.remote();
  return remote != nullptr && remote->http_status == 401 && remote->failure_category != kScopeCheckFailed;
}

}  // namespace

Result<HttpResponse> RetryLoop::run() {
  while (true) {
    auto outcome = attempt();
    if (outcome) return outcome;
    const Error error = std::move(outcome).error();
    if (another_credential_after(error)) continue;
    if (auto end = pause_after(error)) return ended_early(*std::move(end));
    last_failure_ = error;
  }
}

Result<HttpResponse> RetryLoop::attempt() {
  ++attempts_;
  sent_as_.reset();
  auto identity = state_.renew ? state_.renew(call_) : Result<Identity>(state_.identity);
  if (!identity) return std::move(identity).error();
  sent_as_ = *std::move(identity);
  auto answer = state_.adapter->send(request_, *sent_as_, call_);
  if (!answer || is_success(answer->status)) return answer;
  return error_from_response(*answer, "the product API refused the call", state_.waiter->now().wall);
}

/// A 401 means that the call did not run, so it is sent again whatever its method is, and counts for nothing.
bool RetryLoop::another_credential_after(const Error& error) {
  if (refused_before_ || !sent_as_ || !is_refusal(error)) return false;
  refused_before_ = true;
  if (state_.refuse) state_.refuse(*sent_as_);
  const bool another = state_.renew ? true : state_.adapter->reject(*sent_as_);
  if (!another) return false;
  last_failure_ = error;
  --attempts_;
  return true;
}

/// Pauses before the next attempt, or gives the Error to end with.
std::optional<Error> RetryLoop::pause_after(const Error& error) {
  const FailedAttempt failed{.number = attempts_,
                             .repeatable = !sent_as_ || request_.idempotent || is_idempotent(request_.method),
                             .now = state_.waiter->now().mono,
                             .deadline = call_.deadline};
  const auto pause = pause_before_retry(state_.retry, failed, error, state_.waiter->random());
  if (!pause) return error;
  state_.waiter->wait(*pause, call_);
  if (!call_.stop.stop_requested()) return std::nullopt;
  last_failure_ = error;
  return Error(Errc::cancelled, "the call was cancelled while it waited to be repeated");
}

/// What went wrong before tells more than that time ran out.
Error RetryLoop::ended_early(Error error) const {
  const bool by_caller = error.code() == Errc::cancelled || error.code() == Errc::deadline_exceeded;
  if (!by_caller || !last_failure_ || error.cause() != nullptr) return error;
  return std::move(error).with_cause(*last_failure_);
}

}  // namespace tongs::detail
