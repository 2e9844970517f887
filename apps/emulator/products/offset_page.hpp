#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <ranges>
#include <utility>

#include "emulator/api/call.hpp"

namespace tongs::emulator {

/// The part of a list that `startAt` and `maxResults` ask for.
struct OffsetPage {
  std::int64_t start = 0;
  std::int64_t most = 50;

  /// The indices of the items in a list that long.
  auto of(std::size_t size) const noexcept {
    const std::size_t begin = std::min(size, static_cast<std::size_t>(start));
    return std::views::iota(begin, std::min(size, begin + static_cast<std::size_t>(most)));
  }
  bool is_last(std::size_t size) const noexcept { return static_cast<std::size_t>(start + most) >= size; }
};

/// Nothing if one of the parameters is no number.
inline std::optional<OffsetPage> offset_page(const ApiCall& call, std::int64_t otherwise,
                                             std::int64_t most) noexcept {
  const auto start = call.count("startAt", 0, 0, 1'000'000'000);
  const auto size = call.count("maxResults", otherwise, 1, most);
  if (!start || !size) return std::nullopt;
  return OffsetPage{*start, *size};
}

/// The answer of Jira with one page of `total` things.
inline HttpResponse jira_page(const OffsetPage& page, std::size_t total, json::array values) {
  return json_answer(200, {{"startAt", page.start},
                           {"maxResults", page.most},
                           {"total", total},
                           {"isLast", page.is_last(total)},
                           {"values", std::move(values)}});
}

}  // namespace tongs::emulator
