#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/clock.hpp>

namespace tongs::detail {

/// An HTTP-date in any of its three forms (RFC 9110 5.6.7). The two-digit year of the second form is taken to
/// be at most 50 years after `now`.
std::optional<WallTime> parse_http_date(std::string_view text, WallTime now);

/// The form that senders use: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 5.6.7).
std::string format_http_date(std::chrono::sys_seconds time);

/// `2026-01-02T03:04[:05[.678]]` followed by `Z`, `+hh:mm` or `+hhmm`, as rate-limit fields of Atlassian have
/// it (contract 7.4.2).
std::optional<WallTime> parse_iso_time(std::string_view text);

/// `2026-01-02T03:04:05.678Z` (RFC 3339).
std::string format_iso_time(std::chrono::sys_time<std::chrono::milliseconds> time);

}  // namespace tongs::detail
