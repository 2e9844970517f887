#include "json/number_tokens.hpp"

#include <algorithm>

namespace tongs {

namespace {

constexpr std::string_view kDigits = "0123456789";

/// Where the string that opens at `begin` has ended.
std::size_t after_string(std::string_view text, std::size_t begin) noexcept {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

/// Removes what stands in front and is one of `characters`; was there any?
bool skip(std::string_view& text, std::string_view characters) noexcept {
  const std::size_t size = std::min(text.find_first_not_of(characters), text.size());
  text.remove_prefix(size);
  return size > 0;
}

bool skip_one(std::string_view& text, std::string_view characters) noexcept {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::string_view NumberTokens::next() noexcept {
  for (;;) {
    position_ = text_.find_first_of("\"-0123456789", position_);
    if (position_ == std::string_view::npos) position_ = text_.size();
    if (position_ == text_.size() || text_[position_] != '"') break;
    position_ = after_string(text_, position_);
  }
  const std::size_t end = std::min(text_.find_first_not_of("+-.eE0123456789", position_), text_.size());
  const std::string_view token = text_.substr(position_, end - position_);
  position_ = end;
  return token;
}

bool is_json_number(std::string_view token) noexcept {
  skip_one(token, "-");
  if (!skip_one(token, "0") && !skip(token, kDigits)) return false;
  if (skip_one(token, ".") && !skip(token, kDigits)) return false;
  if (skip_one(token, "eE")) {
    skip_one(token, "+-");
    if (!skip(token, kDigits)) return false;
  }
  return token.empty();
}

}  // namespace tongs
