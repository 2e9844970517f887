#include "base/nearest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tongs {

namespace {

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kMostEdits = 2;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_but_for_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

/// Optimal string alignment: Damerau-Levenshtein in which no part is edited twice. Exact up to kMostEdits,
/// and some greater number beyond: cells further from the diagonal cannot be part of an answer.
std::size_t edits_between(std::string_view a, std::string_view b) noexcept {
  constexpr std::size_t far = kMostEdits + 1;
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > kMostEdits) return far;
  std::array<std::array<std::size_t, kLongestWord + 2>, 3> rows{};
  for (std::size_t j = 0; j <= b.size() + 1; ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& two_above = rows[(i + 1) % 3];
    const std::size_t first = i > kMostEdits ? i - kMostEdits : 1;
    const std::size_t last = std::min(i + kMostEdits, b.size());
    row[first - 1] = first == 1 ? i : far;
    row[last + 1] = far;
    for (std::size_t j = first; j <= last; ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > kLongestWord) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t fewest = (word.size() <= 3 ? 1 : kMostEdits) + 1;
  for (const auto candidate : candidates) {
    if (candidate == word || candidate.size() > kLongestWord) continue;
    if (same_but_for_case(word, candidate)) return candidate;
    const std::size_t edits = edits_between(word, candidate);
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::initializer_list<std::string_view> candidates) {
  return nearest(word, std::span(candidates.begin(), candidates.size()));
}

}  // namespace tongs
