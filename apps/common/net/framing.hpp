#pragma once
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

namespace tongs::net {

inline std::string& append_number(std::string& text, std::uint64_t number, int base = 10) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  return text.append(digits.data(), end);
}

/// What stands before the bytes of a chunk (RFC 9112 7.1).
inline void append_chunk_size(std::string& text, std::size_t size) {
  append_number(text, size, 16).append("\r\n");
}

}  // namespace tongs::net
