#include "http/retry_after.hpp"

#include <algorithm>

#include "http/ascii.hpp"
#include "http/timestamp.hpp"

namespace tongs::detail {

std::chrono::milliseconds wait_until(WallTime then, WallTime now) noexcept {
  if (then <= now) return {};
  return std::min<std::chrono::seconds>(then - now, kMaxAskedWait);
}

std::optional<std::chrono::milliseconds> parse_wait_seconds(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (!all_digits(text)) return std::nullopt;
  if (negative) return std::chrono::milliseconds{};
  constexpr std::chrono::seconds most = kMaxAskedWait;
  std::chrono::seconds wait{0};
  for (const char digit : text) wait = std::min(wait * 10 + std::chrono::seconds(digit - '0'), most);
  return wait;
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, WallTime now) {
  value = trim(value);
  if (const auto seconds = parse_wait_seconds(value)) return seconds;
  const auto date = parse_http_date(value, now);
  if (!date) return std::nullopt;
  return wait_until(*date, now);
}

}  // namespace tongs::detail
