#include "emulator/products/jira_duration.hpp"

#include <array>
#include <cstdint>

#include "common/number.hpp"

namespace tongs::emulator {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Unit {
  char letter;
  seconds length;
};

constexpr std::array kUnits{Unit{'w', hours(40)}, Unit{'d', hours(8)}, Unit{'h', hours(1)},
                            Unit{'m', minutes(1)}};
constexpr std::int64_t kMost = 10'000;

/// One word, such as `3h`.
std::optional<seconds> parse_word(std::string_view word) {
  seconds unit = minutes(1);
  for (const Unit& known : kUnits) {
    if (word.empty() || word.back() != known.letter) continue;
    unit = known.length;
    word.remove_suffix(1);
    break;
  }
  const auto number = parse_whole(word);
  if (!number || *number < 0 || *number > kMost * kUnits[0].length / unit) return std::nullopt;
  return *number * unit;
}

}  // namespace

std::optional<seconds> parse_time_spent(std::string_view text) {
  seconds total{0};
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (word.empty()) continue;
    const auto part = parse_word(word);
    if (!part || total + *part > kMost * kUnits[0].length) return std::nullopt;
    total += *part;
  }
  return total > seconds(0) ? std::optional(total) : std::nullopt;
}

std::string time_spent_text(seconds spent) {
  std::string text;
  for (const Unit& unit : kUnits) {
    const auto count = spent / unit.length;
    if (count == 0) continue;
    text.append(text.empty() ? "" : " ").append(std::to_string(count)) += unit.letter;
    spent %= unit.length;
  }
  return text.empty() ? "0m" : text;
}

}  // namespace tongs::emulator
