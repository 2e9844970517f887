#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/graphql/ast.hpp"

namespace tongs::graphql {

enum class TokenKind : std::uint8_t {
  end_of_document,
  punctuator,  ///< `text` is one of ! $ & ( ) ... : = @ [ ] { | }
  name,
  integer,
  real,
  string,   ///< `text` is the value: quotes gone, escapes resolved, block strings unindented
  invalid,  ///< `text` says what is wrong, in our words
};

struct Token {
  TokenKind kind = TokenKind::end_of_document;
  std::string text;
  Location at;
};

/// Cuts a document into tokens (spec 2.1): white space, commas, comments and a byte order mark are passed
/// over. After an invalid token the rest is not looked at. Borrows the text. Thread safety: none.
class Lexer {
 public:
  explicit Lexer(std::string_view text) noexcept;
  Token next();

 private:
  bool at_end() const noexcept { return at_ >= text_.size(); }
  /// The byte `ahead` of here, or NUL, which no document may contain outside of an error.
  char peek(std::size_t ahead = 0) const noexcept;
  bool looking_at(std::string_view prefix) const noexcept { return text_.substr(at_).starts_with(prefix); }
  void advance(std::size_t bytes = 1) noexcept;
  /// Moves over one code point that a document may contain (spec 2.1.1); false if there is none.
  bool advance_source_character() noexcept;
  void skip_ignored() noexcept;
  Token invalid(std::string message);

  Token read_name();
  Token read_number();
  bool read_digits() noexcept;
  Token read_string();
  Token read_block_string();
  /// Appends what the escape sequence here stands for; false if it stands for nothing.
  bool read_escape(std::string& out);
  std::optional<std::uint32_t> read_unicode_escape() noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
  Location here_;
};

}  // namespace tongs::graphql
