#include "emulator/base/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "json/writer.hpp"

namespace tongs::emulator {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// The shortest digits that are read back as the same number.
std::string number_text(double number) {
  if (!std::isfinite(number)) return "null";
  // Sign, point, and every digit before it or after it.
  using Limits = std::numeric_limits<double>;
  constexpr std::size_t most{Limits::max_exponent10 - Limits::min_exponent10 + Limits::max_digits10};
  std::array<char, most> digits{};
  const auto [end, failed] =
      std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
  return {digits.data(), end};
}

void write(JsonWriter& out, const json::value& value);

void write(JsonWriter& out, const json::object& object) {
  out.open_object();
  for (const auto& [name, value] : object) {
    out.name(name);
    write(out, value);
  }
  out.close_object();
}

void write(JsonWriter& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      out.null();
      break;
    case json::kind::bool_:
      out.boolean(value.get_bool());
      break;
    case json::kind::int64:
      out.integer(value.get_int64());
      break;
    case json::kind::uint64:
      out.raw(std::to_string(value.get_uint64()));
      break;
    case json::kind::double_:
      out.raw(number_text(value.get_double()));
      break;
    case json::kind::string:
      out.string(value.get_string());
      break;
    case json::kind::array:
      out.open_array();
      for (const auto& item : value.get_array()) write(out, item);
      out.close_array();
      break;
    case json::kind::object:
      write(out, value.get_object());
      break;
  }
}

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
  return std::min(text.find_first_not_of(kBlanks, at), text.size());
}

/// Where the name or value that starts at `at` ends.
std::size_t end_of(std::string_view text, std::size_t at) noexcept {
  std::size_t depth = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      in_string = c != '"';
      if (c == '\\') ++at;
    } else if (depth == 0 &&
               (c == ',' || c == ':' || c == '}' || kBlanks.find(c) != std::string_view::npos)) {
      break;
    } else {
      in_string = c == '"';
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
    }
  }
  return std::min(at, text.size());
}

}  // namespace

std::string json_text(const json::value& value) {
  JsonWriter out;
  write(out, value);
  return std::move(out).text();
}

std::string json_text(const json::object& object) {
  JsonWriter out;
  write(out, object);
  return std::move(out).text();
}

std::optional<std::string_view> member_text(std::string_view object, std::string_view name) {
  std::optional<std::string_view> found;
  std::size_t at = skip_blanks(object, object.find('{') + 1);
  while (at < object.size() && object[at] == '"') {
    const std::size_t name_end = end_of(object, at);
    const bool wanted = object.substr(at + 1, name_end - at - 2) == name;
    const std::size_t value = skip_blanks(object, skip_blanks(object, name_end) + 1);
    const std::size_t value_end = end_of(object, value);
    if (wanted) found = object.substr(value, value_end - value);
    at = skip_blanks(object, skip_blanks(object, value_end) + 1);
  }
  return found;
}

}  // namespace tongs::emulator
