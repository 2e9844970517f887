#include "cli/excerpt.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace tongs::cli {

namespace {

std::string_view line_of(std::string_view text, std::uint32_t line) {
  for (std::uint32_t i = 1; i < line; ++i) {
    const auto end = text.find_first_of("\r\n");
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
  }
  text = text.substr(0, text.find_first_of("\r\n"));
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  return line == 1 && text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

std::string_view first_character(std::string_view text) {
  return text.substr(0, std::max<std::size_t>(utf8_length(text), 1));
}

/// The text from its character number `count` on.
std::string_view without_characters(std::string_view text, std::size_t count) {
  for (; count > 0 && !text.empty(); --count) text.remove_prefix(first_character(text).size());
  return text;
}

}  // namespace

std::string excerpt(std::string_view text, const manifest::Position& at, const Terminal& terminal) {
  auto line = line_of(text, at.line);
  if (line.empty()) return {};
  const std::string number = std::to_string(at.line);
  const std::string margin(number.size() + 2, ' ');
  const std::size_t room = terminal.width() - std::min(terminal.width() / 2, margin.size() + 4);
  const std::size_t spot = at.column == 0 ? 0 : at.column - 1;
  const std::size_t first = spot < room * 3 / 4 ? 0 : spot - room / 2;
  line = without_characters(line, first);

  std::string shown = first == 0 ? "" : "…";
  std::size_t caret = columns_of(shown);
  std::size_t used = caret;
  for (std::size_t i = first; !line.empty(); ++i) {
    const auto character = first_character(line);
    const std::string piece = character == "\t" ? " " : printable(character);
    if (used + columns_of(piece) > room) break;
    if (i < spot) caret += columns_of(piece);
    used += columns_of(piece);
    shown += piece;
    line.remove_prefix(character.size());
  }
  if (!line.empty()) shown += "…";

  using Style = Terminal::Style;
  return terminal.paint(Style::faint, " " + number + " | ") + shown + "\n" +
         terminal.paint(Style::faint, margin + "| ") + std::string(caret, ' ') +
         terminal.paint(Style::red, "^") + "\n";
}

}  // namespace tongs::cli
