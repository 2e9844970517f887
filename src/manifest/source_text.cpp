#include "manifest/source_text.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace tongs::manifest {

namespace {

unsigned char byte(std::string_view text, std::size_t i) noexcept {
  return static_cast<unsigned char>(text[i]);
}

/// YAML 1.2.2, 5.1 c-printable, for characters of one or two bytes; longer ones are refused as a whole below.
bool printable(std::string_view character) noexcept {
  const unsigned char first = byte(character, 0);
  if (character.size() == 1)
    return first >= 0x20 ? first != 0x7f : first == '\t' || first == '\n' || first == '\r';
  if (character.size() == 2) return first != 0xc2 || byte(character, 1) >= 0xa0 || byte(character, 1) == 0x85;
  return character != "\xef\xbf\xbe" && character != "\xef\xbf\xbf";
}

}  // namespace

std::string_view without_bom(std::string_view text) noexcept {
  constexpr std::string_view bom = "\xef\xbb\xbf";
  return text.starts_with(bom) ? text.substr(bom.size()) : text;
}

Position LineCounter::at(std::size_t offset) noexcept {
  const std::size_t end = std::min(offset, text_.size());
  for (; offset_ < end; ++offset_) {
    const char c = text_[offset_];
    const bool before_lf = c == '\r' && offset_ + 1 < text_.size() && text_[offset_ + 1] == '\n';
    if (c == '\n' || (c == '\r' && !before_lf)) {
      ++here_.line;
      here_.column = 1;
    } else if ((byte(text_, offset_) & 0xc0) != 0x80) {
      ++here_.column;
    }
  }
  return here_;
}

std::optional<ForeignByte> find_foreign_byte(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i, 4));
    if (length == 0) return ForeignByte{ForeignByte::Kind::not_utf8, i};
    if (!printable(text.substr(i, length))) return ForeignByte{ForeignByte::Kind::control_character, i};
    i += length;
  }
  return std::nullopt;
}

std::optional<std::size_t> find_crowded_line(std::string_view text, std::size_t limit) noexcept {
  constexpr std::string_view marks = "[]{},:?&*!-";
  std::size_t start = 0;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || text[i] == '\r') {
      start = i + 1;
      seen = 0;
    } else if (marks.find(text[i]) != std::string_view::npos && ++seen > limit) {
      return start;
    }
  }
  return std::nullopt;
}

}  // namespace tongs::manifest
