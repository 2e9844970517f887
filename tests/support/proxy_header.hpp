#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace tongs::test {

/// The parts of a PROXY header of version 2, which may be as wrong as a test likes.
struct ProxyHeaderParts {
  int version_and_command = 0x21;
  int family = 0x11;
  std::string addresses = std::string("\xc0\x00\x02\x01\xc6\x33\x64\x02\x10\x92\x00\x50", 12);
  std::string fields = {};
  int length = -1;  ///< -1: that of addresses and fields

  std::string bytes() const {
    const int size = length >= 0 ? length : static_cast<int>(addresses.size() + fields.size());
    std::string out("\r\n\r\n\0\r\nQUIT\n", 12);
    for (const int byte : {version_and_command, family, size >> 8, size & 0xff})
      out += static_cast<char>(byte);
    return out + addresses + fields;
  }
};

/// A field of type, length and value.
inline std::string proxy_field(int type, std::string_view value) {
  std::string out;
  for (const std::size_t byte : {static_cast<std::size_t>(type), value.size() >> 8, value.size() & 0xff}) {
    out += static_cast<char>(byte);
  }
  return out.append(value);
}

}  // namespace tongs::test
