#include "manifest/yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tongs::manifest::yaml {

namespace {

template <std::size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& words) noexcept {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_octal(char c) noexcept { return c >= '0' && c <= '7'; }
bool is_hex(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

template <class Is>
bool all(std::string_view text, Is is) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is);
}

std::string_view without_sign(std::string_view text) noexcept {
  return text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
}

std::size_t leading_digits(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

bool is_integer(std::string_view text) noexcept {
  if (text.starts_with("0o")) return all(text.substr(2), is_octal);
  if (text.starts_with("0x")) return all(text.substr(2), is_hex);
  return all(without_sign(text), is_digit);
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?, and the words for infinity and not a
/// number.
bool is_real(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 3> not_a_number{".nan", ".NaN", ".NAN"};
  constexpr std::array<std::string_view, 3> infinity{".inf", ".Inf", ".INF"};
  if (one_of(text, not_a_number)) return true;
  text = without_sign(text);
  if (one_of(text, infinity)) return true;

  const std::size_t whole = leading_digits(text);
  text.remove_prefix(whole);
  std::size_t fraction = 0;
  if (text.starts_with('.')) {
    fraction = leading_digits(text.substr(1));
    text.remove_prefix(1 + fraction);
  }
  if (whole == 0 && fraction == 0) return false;
  if (text.empty()) return true;
  return (text.front() == 'e' || text.front() == 'E') && all(without_sign(text.substr(1)), is_digit);
}

}  // namespace

Kind resolve_plain(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 5> null_words{"", "null", "Null", "NULL", "~"};
  constexpr std::array<std::string_view, 6> boolean_words{"true", "True", "TRUE", "false", "False", "FALSE"};
  if (one_of(text, null_words)) return Kind::null;
  if (one_of(text, boolean_words)) return Kind::boolean;
  if (is_integer(text)) return Kind::integer;
  if (is_real(text)) return Kind::real;
  return Kind::string;
}

}  // namespace tongs::manifest::yaml
