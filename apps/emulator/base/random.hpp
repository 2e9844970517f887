#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace tongs::emulator {

/// Where ids and keys of the emulator come from: the machine's generator, or in tests a counted one.
/// Thread safety: none.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<unsigned char> bytes) = 0;

  /// OpenSSL's generator.
  static std::unique_ptr<Random> system();
};

std::string random_bytes(Random& random, std::size_t count);
/// `2 * bytes` lower-case hexadecimal digits.
std::string random_hex(Random& random, std::size_t bytes);
/// A UUID of version 4 (RFC 9562 5.4).
std::string random_uuid(Random& random);
/// A UUID of version 8 (RFC 9562 5.8) that is always the same for the same text.
std::string uuid_of(std::string_view text);

/// Lower-case hexadecimal digits.
std::string hex(std::span<const unsigned char> bytes);

}  // namespace tongs::emulator
