#pragma once
#include <cstddef>
#include <string_view>

namespace tongs::detail {

/// Does `*` in `pattern` stand for any run of bytes of `text`, and everything else for itself? A star takes
/// the first byte of what is left only if `may_take(left)`. Never slower than the product of both lengths.
template <class MayTake>
bool wildcard_matches(std::string_view pattern, std::string_view text, MayTake may_take) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos && may_take(text.substr(resume))) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace tongs::detail
