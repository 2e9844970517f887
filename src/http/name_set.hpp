#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/header_rules.hpp"

namespace tongs::detail {

/// A few field names, known in every spelling that `same_variable` knows. Looks at those of the same length
/// only: most names that are asked for are none of them. Thread safety: const.
template <std::size_t N>
class NameSet {
 public:
  template <class... Names>
  consteval explicit NameSet(Names... names) : names_{names...} {
    std::ranges::sort(names_, {}, &std::string_view::size);
    for (const std::string_view name : names_) ++begin_.at(name.size() + 1);
    for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  }

  bool contains(std::string_view name) const noexcept {
    if (name.size() > kLongest) return false;
    const auto begin = names_.begin() + begin_[name.size()], end = names_.begin() + begin_[name.size() + 1];
    return std::any_of(begin, end, [&](std::string_view known) { return same_variable(known, name); });
  }

 private:
  static constexpr std::size_t kLongest = 30;

  std::array<std::string_view, N> names_;           ///< by length
  std::array<std::uint8_t, kLongest + 2> begin_{};  ///< of each length
};
template <class... Names>
NameSet(Names...) -> NameSet<sizeof...(Names)>;

}  // namespace tongs::detail
