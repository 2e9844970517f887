#include "names.hpp"

#include <algorithm>
#include <cctype>

namespace apigen {

namespace {

bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
char lower(char c) noexcept { return is_upper(c) ? static_cast<char>(c + 32) : c; }
char upper(char c) noexcept { return is_lower(c) ? static_cast<char>(c - 32) : c; }

const std::set<std::string, std::less<>>& keywords() {
  static const std::set<std::string, std::less<>> all = {
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case",
      "catch", "char", "class", "co_await", "co_return", "co_yield", "compl", "concept", "const", "consteval",
      "constexpr", "constinit", "const_cast", "continue", "decltype", "default", "delete", "do", "double",
      "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend",
      "goto", "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq",
      "nullptr", "operator", "or", "or_eq", "private", "protected", "public", "register", "requires",
      "return", "short", "signed", "sizeof", "static", "static_assert", "static_cast", "struct", "switch",
      "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid", "typename", "union",
      "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
      // Macros of common headers.
      "assert", "errno", "stdin", "stdout", "stderr", "unix", "linux", "major", "minor"};
  return all;
}

/// Does a word begin at `i`?
bool begins_word(std::string_view name, std::size_t i) noexcept {
  if (i == 0 || !is_upper(name[i])) return false;
  if (!is_upper(name[i - 1])) return true;
  const bool plural =
      i + 1 < name.size() && name[i + 1] == 's' && (i + 2 == name.size() || !is_lower(name[i + 2]));
  return i + 1 < name.size() && is_lower(name[i + 1]) && !plural;
}

std::string words(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_upper(name[i]) && !is_lower(name[i]) && !is_digit(name[i])) {
      if (!out.empty() && out.back() != '_') out += '_';
      continue;
    }
    if (begins_word(name, i) && !out.empty() && out.back() != '_') out += '_';
    out += lower(name[i]);
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

std::string valid(std::string name) {
  if (name.empty()) return "none";
  if (is_digit(name.front())) name.insert(name.begin(), '_');
  if (keywords().contains(name)) name += '_';
  return name;
}

}  // namespace

std::string snake(std::string_view name) { return valid(words(name)); }

std::string pascal(std::string_view name) {
  std::string out;
  bool first = true;
  for (const char c : name) {
    if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
      first = true;
      continue;
    }
    out += first ? upper(c) : c;
    first = false;
  }
  if (out.empty()) return "None";
  return is_digit(out.front()) ? "_" + out : out;
}

std::string value_name(std::string_view value) {
  std::string out = words(value);
  if (value.starts_with('-')) out = "minus_" + out;
  if (value.starts_with('+')) out = "plus_" + out;
  return valid(std::move(out));
}

UniqueNames::UniqueNames(std::set<std::string> taken) {
  for (const std::string& name : taken) take(name);
}

bool UniqueNames::has(const std::string& name) const {
  std::string key = name;
  std::transform(key.begin(), key.end(), key.begin(), lower);
  return taken_.contains(key);
}

std::string UniqueNames::take(std::string name) {
  std::string free = name;
  for (int number = 2; has(free); ++number) free = name + std::to_string(number);
  std::string key = free;
  std::transform(key.begin(), key.end(), key.begin(), lower);
  taken_.insert(std::move(key));
  return free;
}

}  // namespace apigen
