#pragma once
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tongs {

/// A whole number, and nothing else, written in decimal digits with an optional `-`.
inline std::optional<std::int64_t> parse_whole(std::string_view text) noexcept {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace tongs
