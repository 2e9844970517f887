#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include <tongs/clock.hpp>

namespace tongs::detail {

/// No peer makes us wait longer than this, whatever it says.
inline constexpr std::chrono::hours kMaxAskedWait{24};

/// The wait that a `Retry-After` asks for (RFC 9110 10.2.3): seconds or a date. Negative numbers and dates
/// gone by are 0, more than `kMaxAskedWait` is `kMaxAskedWait`. Nothing if it is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, WallTime now);

/// From `now` to `then`, held inside 0 … `kMaxAskedWait`.
std::chrono::milliseconds wait_until(WallTime then, WallTime now) noexcept;

/// A number of seconds, held inside 0 … `kMaxAskedWait`. Nothing if it is no number.
std::optional<std::chrono::milliseconds> parse_wait_seconds(std::string_view text) noexcept;

}  // namespace tongs::detail
