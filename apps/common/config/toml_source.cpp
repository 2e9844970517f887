#include "common/config/toml_source.hpp"

#include <algorithm>
#include <array>

#include <toml++/toml.h>

#include "base/utf8.hpp"
#include "http/ascii.hpp"

namespace tongs::config {

namespace {

/// Tables are taken down by recursion, and every dot of a key is a table: what cannot be written in a line of
/// this length cannot exhaust the stack.
constexpr std::size_t kMaxLine = std::size_t{16} * 1024;
/// Deeper values are of no use to any setting.
constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxErrors = 16;

Position position_of(const toml::source_region& region) noexcept {
  return {region.begin.line, region.begin.column};
}

Node convert(const toml::node& node, int depth);

Table convert_table(const toml::table& table, int depth) {
  Table members;
  for (const auto& [key, node] : table) {
    members.push_back({std::string(key.str()), position_of(key.source()), convert(node, depth + 1)});
  }
  return members;
}

Array convert_array(const toml::array& array, int depth) {
  Array nodes;
  for (const toml::node& node : array) nodes.push_back(convert(node, depth + 1));
  return nodes;
}

Node convert(const toml::node& node, int depth) {
  const Position at = position_of(node.source());
  switch (node.type()) {
    case toml::node_type::string:
      return {node.ref<std::string>(), at};
    case toml::node_type::integer:
      return {node.ref<std::int64_t>(), at};
    case toml::node_type::boolean:
      return {node.ref<bool>(), at};
    case toml::node_type::floating_point:
      return {Foreign("a number with a fraction"), at};
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return {Foreign("a date or time"), at};
    case toml::node_type::array:
      if (depth < kMaxDepth) return {convert_array(*node.as_array(), depth), at};
      break;
    case toml::node_type::table:
      if (depth < kMaxDepth) return {convert_table(*node.as_table(), depth), at};
      break;
    case toml::node_type::none:
      break;
  }
  return {Foreign("a value in too many others"), at};
}

/// What the parser says, and for the mistakes that people make, how to mend it.
std::string explain(std::string_view description) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> advice = {{
      {"could not determine value type", "text needs quotes: key = \"text\""},
      {"cannot redefine", "keep one of the two"},
      {"expected '='", "a line is [section], key = value or # comment"},
      {"expected keys, tables", "a line is [section], key = value or # comment"},
      {"unknown escape sequence", "write \\\\ for a backslash, or put the text in single quotes"},
      {"end-of-file", "something that was opened is not closed"},
  }};
  constexpr std::string_view noise = "Error ";
  if (description.starts_with(noise)) description.remove_prefix(noise.size());
  std::string message = "this is not TOML: ";
  for (const char c : description) {
    // The parser quotes what it saw; control characters must not reach a terminal.
    message += detail::is_control(c) ? ' ' : c;
  }
  for (const auto& [part, help] : advice) {
    if (description.find(part) != std::string_view::npos) return message.append("; ").append(help);
  }
  return message;
}

/// What the parser would not report well, or not survive.
std::optional<SyntaxError> precheck(std::string_view text) {
  if (text.size() > kMaxTomlBytes) return SyntaxError{{}, "the file is larger than 1 MiB"};
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Position at{1, 1};
  std::size_t line_bytes = 0;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return SyntaxError{at, "this is not UTF-8: save the file in that encoding"};
    line_bytes += length;
    ++at.column;
    if (text.front() == '\n') {
      at = {at.line + 1, 1};
      line_bytes = 0;
    }
    if (line_bytes > kMaxLine) {
      return SyntaxError{{at.line, 1}, "the line is longer than 16 KiB: a list may go over several lines"};
    }
    text.remove_prefix(length);
  }
  return std::nullopt;
}

/// Makes a comment of a line; false if it is none already.
bool blank_line(std::string& text, std::uint32_t line) {
  std::size_t begin = 0;
  for (std::uint32_t i = 1; i < line; ++i) {
    begin = text.find('\n', begin);
    if (begin == std::string::npos) return false;
    ++begin;
  }
  if (begin >= text.size() || text[begin] == '\n' || text[begin] == '#') return false;
  const auto end = std::min(text.find('\n', begin), text.size());
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
            text.begin() + static_cast<std::ptrdiff_t>(end), '#');
  return true;
}

}  // namespace

std::string_view Node::kind() const noexcept {
  constexpr std::array<std::string_view, 5> kinds = {"a string", "a whole number", "true or false", "a list",
                                                     "a table"};
  const auto* foreign = std::get_if<Foreign>(&value);
  return foreign ? *foreign : kinds[value.index()];
}

ParsedToml parse_toml(std::string_view text) {
  if (auto error = precheck(text)) return {std::nullopt, {std::move(*error)}};
  // The parser stops at its first error. Without that line it may find the next one.
  std::string rest(text);
  std::vector<SyntaxError> errors;
  while (errors.size() < kMaxErrors) {
    try {
      const toml::table root = toml::parse(std::string_view(rest));
      return {convert_table(root, 0), std::move(errors)};
    } catch (const toml::parse_error& error) {
      errors.push_back({position_of(error.source()), explain(error.description())});
      if (!blank_line(rest, error.source().begin.line)) break;
    }
  }
  // Lines belonged together that were taken one by one: only the first error is one for certain.
  errors.resize(1);
  return {std::nullopt, std::move(errors)};
}

}  // namespace tongs::config
