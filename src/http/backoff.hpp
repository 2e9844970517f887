#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/error.hpp>
#include <tongs/retry.hpp>

namespace tongs::detail {

/// May be sent twice without harm: GET, HEAD, OPTIONS, TRACE, PUT, DELETE (RFC 9110 9.2.2). Methods are
/// case-sensitive.
bool is_idempotent(std::string_view method) noexcept;

/// Could the same request succeed a moment later: 429, 502, 503, 504, or no answer at all?
bool is_momentary(const Error& error) noexcept;

/// The pause after `failures` failures in a row (from 1): `random` over its whole range spread over 0 … cap,
/// where the cap doubles from `policy.base` to `policy.cap`.
std::chrono::milliseconds draw_pause(const RetryPolicy& policy, int failures, std::uint32_t random) noexcept;

/// One failed attempt, and what there is to decide with.
struct FailedAttempt {
  int number = 1;           ///< from 1
  bool repeatable = false;  ///< idempotent, or marked so
  MonoTime now;
  MonoTime deadline;
};

/// The pause before the next attempt, or nothing: give up. The peer's own wish is the lower bound; the drawn
/// pause comes on top, so that all who were told the same moment do not come back together. A pause that
/// would end at or after the deadline is not begun.
std::optional<std::chrono::milliseconds> pause_before_retry(const RetryPolicy& policy,
                                                            const FailedAttempt& attempt, const Error& error,
                                                            std::uint32_t random) noexcept;

}  // namespace tongs::detail
