#include "cli/time_words.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "http/timestamp.hpp"

namespace tongs::cli {

namespace {

using std::chrono::seconds;

constexpr std::int64_t kEndOfYear9999 = 253402300799;

}  // namespace

std::string rfc3339(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 32> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string duration_in_words(seconds duration) {
  struct Unit {
    seconds length;
    seconds enough;
    std::string_view name;
  };
  constexpr std::array units{Unit{seconds(86400), seconds(2 * 86400), " d"},
                             Unit{seconds(3600), seconds(2 * 3600), " h"},
                             Unit{seconds(60), seconds(120), " min"}};
  for (const Unit& unit : units) {
    if (duration >= unit.enough) return std::to_string(duration / unit.length).append(unit.name);
  }
  return std::to_string(duration.count()) + " s";
}

std::string claim_in_words(std::string_view claim, WallTime at, WallTime now) {
  const bool past = at <= now;
  const std::string distance = duration_in_words(past ? now - at : at - now);
  if (claim == "exp") return past ? "expired " + distance + " ago" : "expires in " + distance;
  if (claim == "nbf") return past ? "valid since " + distance + " ago" : "not valid for another " + distance;
  if (claim == "iat") return past ? "issued " + distance + " ago" : "issued " + distance + " in the future";
  return {};
}

std::optional<WallTime> time_claim(JsonView value) noexcept {
  const auto number = value.integer();
  if (!number || *number < 0 || *number > kEndOfYear9999) return std::nullopt;
  return WallTime(seconds(*number));
}

std::optional<WallTime> parse_time(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) {
    if (number < 0 || number > kEndOfYear9999) return std::nullopt;
    return WallTime(seconds(number));
  }
  return detail::parse_iso_time(text);
}

}  // namespace tongs::cli
