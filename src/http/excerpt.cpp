#include "http/excerpt.hpp"

#include "base/utf8.hpp"
#include "http/ascii.hpp"

namespace tongs::detail {

namespace {

std::string escaped(unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (byte == '\n') return "\\n";
  if (byte == '\t') return "\\t";
  return {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
}

/// ASCII controls, DEL, and U+0080 … U+009F, which some terminals obey too.
bool is_control_character(std::string_view character) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return is_control(character.front());
  return byte(0) == 0xc2 && byte(1) < 0xa0;
}

}  // namespace

std::string excerpt(std::string_view text, std::size_t limit) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    std::string piece;
    if (length == 0 || is_control_character(character)) {
      for (const char byte : character) piece += escaped(static_cast<unsigned char>(byte));
    } else {
      piece = character;
    }
    if (out.size() + piece.size() > limit) break;
    out += piece;
    text.remove_prefix(character.size());
  }
  return out;
}

}  // namespace tongs::detail
