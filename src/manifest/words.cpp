#include "manifest/words.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace tongs::manifest {

namespace {

void append_escaped(std::string& out, unsigned char control) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (control == '\n') {
    out += "\\n";
  } else if (control == '\t') {
    out += "\\t";
  } else {
    out.append("\\x").append(1, digits[control >> 4]).append(1, digits[control & 15]);
  }
}

bool is_control(std::string_view character) noexcept {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  return character.size() == 2 && first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

}  // namespace

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string out = "'";
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == longest) {
      out += "…";
      break;
    }
    const std::size_t length = std::max<std::size_t>(utf8_length(text), 1);
    const std::string_view character = text.substr(0, length);
    if (is_control(character)) {
      append_escaped(out, static_cast<unsigned char>(character.back()));
    } else {
      out += character;
    }
    text.remove_prefix(length);
  }
  return out += '\'';
}

std::string either(std::span<const std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace tongs::manifest
