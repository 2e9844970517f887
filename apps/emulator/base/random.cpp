#include "emulator/base/random.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include <openssl/rand.h>
#include <openssl/sha.h>

namespace tongs::emulator {

namespace {

class SystemRandom final : public Random {
 public:
  void fill(std::span<unsigned char> bytes) override {
    // Without random numbers nothing that follows could be trusted, and OpenSSL has no other way to fail.
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) std::abort();
  }
};

std::string as_uuid(std::array<unsigned char, 16> bytes, unsigned version) {
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0fU) | (version << 4));
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3fU) | 0x80U);
  std::string text = hex(bytes);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) text.insert(dash, 1, '-');
  return text;
}

}  // namespace

std::unique_ptr<Random> Random::system() { return std::make_unique<SystemRandom>(); }

std::string random_bytes(Random& random, std::size_t count) {
  std::string bytes(count, '\0');
  random.fill({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
  return bytes;
}

std::string random_hex(Random& random, std::size_t bytes) {
  const std::string raw = random_bytes(random, bytes);
  return hex({reinterpret_cast<const unsigned char*>(raw.data()), raw.size()});
}

std::string random_uuid(Random& random) {
  std::array<unsigned char, 16> bytes{};
  random.fill(bytes);
  return as_uuid(bytes, 4);
}

std::string uuid_of(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 16> bytes{};
  std::copy_n(digest.begin(), bytes.size(), bytes.begin());
  return as_uuid(bytes, 8);
}

std::string hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace tongs::emulator
