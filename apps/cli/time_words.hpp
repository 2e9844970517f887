#pragma once
#include <optional>
#include <string>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/json.hpp>

namespace tongs::cli {

/// `2023-11-16T22:52:54Z`.
std::string rfc3339(WallTime time);

/// `12 s`, `3 min`, `5 h`, `40 d`.
std::string duration_in_words(std::chrono::seconds duration);

/// What a time claim of a JWT means now: `exp` "expires in 12 s" or "expired 3 h ago", `nbf` "valid since…",
/// `iat` "issued…". Empty for other claims.
std::string claim_in_words(std::string_view claim, WallTime at, WallTime now);

/// A NumericDate (RFC 7519 2) of the years 1970 to 9999.
std::optional<WallTime> time_claim(JsonView value) noexcept;

/// RFC 3339, or seconds since the Unix epoch.
std::optional<WallTime> parse_time(std::string_view text);

}  // namespace tongs::cli
