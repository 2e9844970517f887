#pragma once
#include <cstddef>
#include <string_view>

namespace tongs {

/// Walks over what starts like a number in a JSON text, outside of strings, number or not.
class NumberTokens {
 public:
  explicit NumberTokens(std::string_view text) noexcept : text_(text) {}
  /// The next one, a part of the text; empty: there is none.
  std::string_view next() noexcept;

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

/// A number by RFC 8259 6, of any size.
bool is_json_number(std::string_view token) noexcept;

}  // namespace tongs
