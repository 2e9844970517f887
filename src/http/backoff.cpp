#include "http/backoff.hpp"

#include <algorithm>
#include <array>

namespace tongs::detail {

namespace {

using std::chrono::milliseconds;

/// Longer caps make no sense, and with this one the arithmetic cannot overflow.
constexpr milliseconds kLongest = std::chrono::hours(24 * 365);

milliseconds sane(milliseconds value) noexcept { return std::clamp(value, milliseconds(0), kLongest); }

}  // namespace

bool is_idempotent(std::string_view method) noexcept {
  constexpr std::array<std::string_view, 6> idempotent = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"};
  return std::find(idempotent.begin(), idempotent.end(), method) != idempotent.end();
}

bool is_momentary(const Error& error) noexcept {
  switch (error.code()) {
    case Errc::transport_failed:
    case Errc::rate_limited:
      return true;
    case Errc::unavailable: {
      const int status = error.remote() != nullptr ? error.remote()->http_status : 0;
      return status == 0 || (status >= 502 && status <= 504);
    }
    default:
      return false;
  }
}

milliseconds draw_pause(const RetryPolicy& policy, int failures, std::uint32_t random) noexcept {
  const milliseconds most = sane(policy.cap);
  milliseconds cap = std::min(sane(policy.base), most);
  for (int i = 1; i < failures && cap < most && cap.count() > 0; ++i) cap = std::min(cap * 2, most);
  const double share = static_cast<double>(random) / static_cast<double>(UINT32_MAX);
  return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(cap.count()) * share));
}

std::optional<milliseconds> pause_before_retry(const RetryPolicy& policy, const FailedAttempt& attempt,
                                               const Error& error, std::uint32_t random) noexcept {
  if (!attempt.repeatable || attempt.number >= policy.max_attempts || !is_momentary(error)) {
    return std::nullopt;
  }
  const milliseconds asked = sane(error.retry_after().value_or(milliseconds(0)));
  const milliseconds pause = asked + draw_pause(policy, attempt.number, random);
  if (attempt.deadline - attempt.now <= pause) return std::nullopt;
  return pause;
}

}  // namespace tongs::detail
