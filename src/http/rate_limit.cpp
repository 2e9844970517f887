#include "http/rate_limit.hpp"

#include <algorithm>
#include <string_view>

#include "http/ascii.hpp"
#include "http/retry_after.hpp"
#include "http/timestamp.hpp"

namespace tongs::detail {

namespace {

using Wait = std::optional<std::chrono::milliseconds>;

/// The piece of `rest` before the next separator outside quotes; both leave `rest`.
std::string_view take_piece(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != separator); ++end) quoted ^= rest[end] == '"';
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trim(piece);
}

Wait parse_reset(std::string_view value, WallTime now) {
  value = trim(value);
  if (const auto time = parse_iso_time(value)) return wait_until(*time, now);
  constexpr std::size_t digits_of_unix_time = 10;
  if (!all_digits(value) || value.size() > digits_of_unix_time) return std::nullopt;
  if (value.size() < digits_of_unix_time) return parse_wait_seconds(value);
  std::chrono::seconds since_epoch{0};
  for (const char digit : value) since_epoch = since_epoch * 10 + std::chrono::seconds(digit - '0');
  return wait_until(WallTime(since_epoch), now);
}

/// One member of `RateLimit`: `"global-app-quota";r=0;t=1200`.
Wait parse_quota(std::string_view member) {
  bool spent = false;
  Wait wait;
  while (!member.empty()) {
    const std::string_view parameter = take_piece(member, ';');
    if (parameter == "r=0") spent = true;
    if (parameter.starts_with("t=")) wait = parse_wait_seconds(parameter.substr(2));
  }
  return spent ? wait : std::nullopt;
}

Wait parse_rate_limit(std::string_view value) {
  Wait longest;
  while (!value.empty()) longest = std::max(longest, parse_quota(take_piece(value, ',')));
  return longest;
}

}  // namespace

std::optional<std::chrono::milliseconds> asked_wait(const HttpResponse& response, WallTime now) {
  if (const auto wait = parse_retry_after(response.header("retry-after"), now)) return wait;
  if (response.status != 429) return std::nullopt;
  if (const auto wait = parse_reset(response.header("x-ratelimit-reset"), now)) return wait;
  return parse_rate_limit(response.header("ratelimit"));
}

}  // namespace tongs::detail
