#include "common/config/units.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <span>
#include <utility>

namespace tongs::config {

namespace {

using Unit = std::pair<std::string_view, std::int64_t>;

/// From the smallest to the largest.
constexpr std::array<Unit, 5> kDurations = {
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 4> kSizes = {{{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};

std::optional<std::int64_t> parse(std::string_view text, std::span<const Unit> units) {
  std::int64_t count = 0;
  const auto [rest, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed != std::errc{} || text.starts_with('-')) return std::nullopt;
  const std::string_view suffix(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  for (const auto& [name, factor] : units) {
    if (suffix != name) continue;
    if (count > std::numeric_limits<std::int64_t>::max() / factor) return std::nullopt;
    return count * factor;
  }
  return std::nullopt;
}

std::string format(std::int64_t amount, std::span<const Unit> units) {
  Unit best = units.front();
  for (const Unit& unit : units) {
    if (amount != 0 && amount % unit.second == 0) best = unit;
  }
  return std::to_string(amount / best.second).append(best.first);
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto amount = parse(text, kDurations);
  if (!amount) return std::nullopt;
  return std::chrono::milliseconds(*amount);
}

std::string format_duration(std::chrono::milliseconds duration) {
  return format(duration.count(), kDurations);
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  constexpr std::array<Unit, 1> plain = {{{"", 1}}};
  const auto amount = parse(text, kSizes);
  return amount ? amount : parse(text, plain);
}

std::string format_size(std::int64_t bytes) { return format(bytes, kSizes); }

}  // namespace tongs::config
