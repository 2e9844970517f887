#include "emulator/base/time.hpp"

#include <array>
#include <cstdio>

#include "common/number.hpp"
#include "http/timestamp.hpp"

namespace tongs::emulator {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

constexpr Millis kLongest = std::chrono::years(10);

/// One `<number><unit>` at the front of `text`, which it leaves.
std::optional<Millis> take_part(std::string_view& text) {
  const auto digits = text.find_first_not_of("0123456789");
  const auto number = parse_whole(text.substr(0, digits));
  if (!number || digits == std::string_view::npos || *number > kLongest.count()) return std::nullopt;
  text.remove_prefix(digits);
  const auto unit = text.substr(0, text.find_first_of("0123456789"));
  text.remove_prefix(unit.size());
  if (unit == "ms") return Millis(*number);
  if (*number > kLongest / seconds(1)) return std::nullopt;
  if (unit == "s") return seconds(*number);
  if (unit == "m") return std::chrono::minutes(*number);
  if (unit == "h") return std::chrono::hours(*number);
  if (unit == "d") return days(*number);
  return std::nullopt;
}

}  // namespace

std::int64_t unix_seconds(RealTime time) noexcept { return floor<seconds>(time).time_since_epoch().count(); }
std::int64_t unix_seconds(PlatformTime time) noexcept {
  return floor<seconds>(time).time_since_epoch().count();
}

std::string iso_time(RealTime time) { return detail::format_iso_time(time); }

std::string iso_time(PlatformTime time) { return iso_time(RealTime(time.time_since_epoch())); }

std::optional<PlatformTime> parse_iso_time(std::string_view text) {
  const auto time = detail::parse_iso_time(text);
  if (!time) return std::nullopt;
  return PlatformTime(time->time_since_epoch());
}

std::optional<Millis> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Millis total{0};
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part || total + *part > kLongest) return std::nullopt;
    total += *part;
  }
  return total;
}

}  // namespace tongs::emulator
