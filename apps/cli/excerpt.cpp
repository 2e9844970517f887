#include "cli/excerpt.hpp"

#include <algorithm>
#include <vector>

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

/// One piece for each character of the line, safe to print; a tab is one blank.
std::vector<std::string> pieces_of(std::string_view line) {
  std::vector<std::string> pieces;
  while (!line.empty()) {
    const std::size_t length = std::max<std::size_t>(utf8_length(line), 1);
    pieces.push_back(line.front() == '\t' ? " " : printable(line.substr(0, length)));
    line.remove_prefix(length);
  }
  return pieces;
}

}  // namespace

std::string excerpt(std::string_view text, const manifest::Position& at, const Terminal& terminal) {
  const auto pieces = pieces_of(line_of(text, at.line));
  if (pieces.empty()) return {};
  const std::string number = std::to_string(at.line);
  const std::string margin(number.size() + 2, ' ');
  const std::size_t room = terminal.width() - std::min(terminal.width() / 2, margin.size() + 4);
  const std::size_t spot = std::min<std::size_t>(at.column == 0 ? 0 : at.column - 1, pieces.size());
  const std::size_t first = spot < room * 3 / 4 ? 0 : spot - room / 2;

  std::string shown = first == 0 ? "" : "…";
  std::size_t caret = columns_of(shown);
  std::size_t used = caret;
  std::size_t i = first;
  for (; i < pieces.size() && used + columns_of(pieces[i]) <= room; ++i) {
    if (i < spot) caret += columns_of(pieces[i]);
    used += columns_of(pieces[i]);
    shown += pieces[i];
  }
  if (i < pieces.size()) shown += "…";

  using Style = Terminal::Style;
  return terminal.paint(Style::faint, " " + number + " | ") + shown + "\n" +
         terminal.paint(Style::faint, margin + "| ") + std::string(caret, ' ') +
         terminal.paint(Style::red, "^") + "\n";
}

}  // namespace tongs::cli
