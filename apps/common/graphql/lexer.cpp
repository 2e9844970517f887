#include "common/graphql/lexer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/utf8.hpp"
#include "http/ascii.hpp"

namespace tongs::graphql {

namespace {

using detail::is_digit;

bool starts_name(char c) noexcept { return detail::is_letter(c) || c == '_'; }
bool continues_name(char c) noexcept { return starts_name(c) || is_digit(c); }

/// Appends a code point that is no surrogate.
void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((code_point >> shift) & 0x3fU));
  };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xc0U | (code_point >> 6));
    tail(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xe0U | (code_point >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0U | (code_point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (;;) {
    const auto end = text.find_first_of("\r\n");
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
}

bool is_blank(std::string_view line) noexcept {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

/// BlockStringValue of the spec (2.9.4): the common indentation, and blank lines at both ends, are layout.
std::string unindent(std::string_view raw) {
  std::vector<std::string_view> lines = lines_of(raw);
  std::size_t common = std::string_view::npos;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (!is_blank(lines[i])) common = std::min(common, lines[i].find_first_not_of(" \t"));
  }
  if (common != std::string_view::npos) {
    for (std::size_t i = 1; i < lines.size(); ++i) lines[i].remove_prefix(std::min(common, lines[i].size()));
  }
  while (!lines.empty() && is_blank(lines.back())) lines.pop_back();
  const auto first = std::find_if_not(lines.begin(), lines.end(), is_blank);
  std::string text;
  for (auto line = first; line != lines.end(); ++line) {
    if (line != first) text += '\n';
    text += *line;
  }
  return text;
}

}  // namespace

Lexer::Lexer(std::string_view text) noexcept : text_(text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
}

char Lexer::peek(std::size_t ahead) const noexcept {
  return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
}

void Lexer::advance(std::size_t bytes) noexcept {
  at_ += bytes;
  here_.column += static_cast<std::uint32_t>(bytes);
}

bool Lexer::advance_source_character() noexcept {
  if (at_end()) return false;
  const char c = peek();
  if (c == '\n' || c == '\r') {
    at_ += looking_at("\r\n") ? 2 : 1;
    here_ = {here_.line + 1, 1};
    return true;
  }
  const std::size_t length = utf8_length(text_.substr(at_));
  if (length == 0 || (static_cast<unsigned char>(c) < 0x20 && c != '\t')) return false;
  at_ += length;
  ++here_.column;
  return true;
}

void Lexer::skip_ignored() noexcept {
  bool in_comment = false;
  while (!at_end()) {
    const char c = peek();
    const bool line_end = c == '\n' || c == '\r';
    in_comment = !line_end && (in_comment || c == '#');
    if (!in_comment && !line_end && c != ' ' && c != '\t' && c != ',') return;
    if (!advance_source_character()) return;
  }
}

Token Lexer::invalid(std::string message) {
  Token token{TokenKind::invalid, std::move(message), here_};
  at_ = text_.size();
  return token;
}

Token Lexer::next() {
  skip_ignored();
  if (at_end()) return {TokenKind::end_of_document, {}, here_};
  const char c = peek();
  if (starts_name(c)) return read_name();
  if (is_digit(c) || c == '-') return read_number();
  if (looking_at("\"\"\"")) return read_block_string();
  if (c == '"') return read_string();
  const std::size_t length = looking_at("...") ? 3 : 1;
  if (length == 3 || std::string_view("!$&():=@[]{|}").find(c) != std::string_view::npos) {
    Token token{TokenKind::punctuator, std::string(text_.substr(at_, length)), here_};
    advance(length);
    return token;
  }
  return invalid("this character has no meaning in a GraphQL document");
}

Token Lexer::read_name() {
  const std::size_t start = at_;
  const Location at = here_;
  while (continues_name(peek())) advance();
  return {TokenKind::name, std::string(text_.substr(start, at_ - start)), at};
}

bool Lexer::read_digits() noexcept {
  const std::size_t start = at_;
  while (is_digit(peek())) advance();
  return at_ != start;
}

Token Lexer::read_number() {
  const std::size_t start = at_;
  const Location at = here_;
  TokenKind kind = TokenKind::integer;
  if (peek() == '-') advance();
  if (peek() == '0' && is_digit(peek(1))) return invalid("a number must not start with a needless 0");
  if (!read_digits()) return invalid("expected a digit after -");
  if (peek() == '.') {
    kind = TokenKind::real;
    advance();
    if (!read_digits()) return invalid("expected a digit after the decimal point");
  }
  if (peek() == 'e' || peek() == 'E') {
    kind = TokenKind::real;
    advance();
    if (peek() == '+' || peek() == '-') advance();
    if (!read_digits()) return invalid("expected a digit in the exponent");
  }
  if (peek() == '.' || starts_name(peek())) return invalid("a number must end before this character");
  return {kind, std::string(text_.substr(start, at_ - start)), at};
}

Token Lexer::read_string() {
  const Location at = here_;
  std::string value;
  advance();
  for (;;) {
    const char c = peek();
    if (at_end() || c == '\n' || c == '\r') return invalid("this string does not end on its line");
    if (c == '"') {
      advance();
      return {TokenKind::string, std::move(value), at};
    }
    if (c == '\\') {
      const Location escape = here_;
      if (!read_escape(value)) {
        here_ = escape;
        return invalid("this escape sequence stands for no character");
      }
      continue;
    }
    const std::size_t start = at_;
    if (!advance_source_character()) return invalid("this character must not stand in a string");
    value += text_.substr(start, at_ - start);
  }
}

bool Lexer::read_escape(std::string& out) {
  constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
  advance();
  if (peek() == 'u') {
    const auto code_point = read_unicode_escape();
    if (code_point) append_utf8(out, *code_point);
    return code_point.has_value();
  }
  const auto which = at_end() ? std::string_view::npos : letters.find(peek());
  if (which == std::string_view::npos) return false;
  out += meanings[which];
  advance();
  return true;
}

std::optional<std::uint32_t> Lexer::read_unicode_escape() noexcept {
  const auto unit = [this]() -> std::optional<std::uint32_t> {
    std::uint32_t value = 0;
    for (std::size_t i = 1; i <= 4; ++i) {
      const int digit = detail::hex_value(peek(i));
      if (digit < 0) return std::nullopt;
      value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    advance(5);
    return value;
  };
  const auto first = unit();
  if (!first || *first < 0xd800 || *first > 0xdfff) return first;
  if (*first > 0xdbff || !looking_at("\\u")) return std::nullopt;
  advance();
  const auto second = unit();
  if (!second || *second < 0xdc00 || *second > 0xdfff) return std::nullopt;
  return 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00);
}

Token Lexer::read_block_string() {
  const Location at = here_;
  std::string raw;
  advance(3);
  while (!looking_at("\"\"\"")) {
    if (looking_at("\\\"\"\"")) {
      raw += "\"\"\"";
      advance(4);
      continue;
    }
    const std::size_t start = at_;
    if (at_end()) return invalid("this block string does not end");
    if (!advance_source_character()) return invalid("this character must not stand in a string");
    raw += text_.substr(start, at_ - start);
  }
  advance(3);
  return {TokenKind::string, unindent(raw), at};
}

}  // namespace tongs::graphql
