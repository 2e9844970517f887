#include "base/base64url.hpp"

#include <array>
#include <cstdint>

namespace tongs {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// A bit that no group of 24 has: the character is not in the alphabet.
constexpr std::uint32_t kForeign = 1U << 24;

using Values = std::array<std::uint32_t, 256>;

/// What each character adds to a group of four when it stands `shift` bits above its end.
constexpr Values values_at(int shift) {
  Values values{};
  values.fill(kForeign);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint32_t>(i) << shift;
  }
  return values;
}

constexpr std::array<Values, 4> kValues{values_at(18), values_at(12), values_at(6), values_at(0)};

std::uint32_t value_of(char c, std::size_t place) noexcept {
  return kValues[place][static_cast<unsigned char>(c)];
}

}  // namespace

std::string base64url_encode(std::string_view bytes) {
  const std::size_t tail = bytes.size() % 3;
  std::string text(bytes.size() / 3 * 4 + (tail == 0 ? 0 : tail + 1), '\0');
  char* out = text.data();
  const auto byte_at = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(bytes[i])}; };
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group = (byte_at(i) << 16) | (byte_at(i + 1) << 8) | byte_at(i + 2);
    *out++ = kAlphabet[group >> 18];
    *out++ = kAlphabet[(group >> 12) & 63];
    *out++ = kAlphabet[(group >> 6) & 63];
    *out++ = kAlphabet[group & 63];
  }
  if (tail != 0) {
    const std::uint32_t group = (byte_at(i) << 16) | (tail == 2 ? byte_at(i + 1) << 8 : 0);
    *out++ = kAlphabet[group >> 18];
    *out++ = kAlphabet[(group >> 12) & 63];
    if (tail == 2) *out = kAlphabet[(group >> 6) & 63];
  }
  return text;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  const std::size_t tail = text.size() % 4;
  if (tail == 1) return std::nullopt;
  std::string bytes(text.size() / 4 * 3 + (tail == 0 ? 0 : tail - 1), '\0');
  char* out = bytes.data();
  std::size_t i = 0;
  std::uint32_t seen = 0;
  for (; i + 4 <= text.size(); i += 4) {
    const std::uint32_t group =
        value_of(text[i], 0) | value_of(text[i + 1], 1) | value_of(text[i + 2], 2) | value_of(text[i + 3], 3);
    seen |= group;
    *out++ = static_cast<char>(group >> 16);
    *out++ = static_cast<char>(group >> 8);
    *out++ = static_cast<char>(group);
  }
  if (tail != 0) {
    const std::uint32_t group =
        value_of(text[i], 0) | value_of(text[i + 1], 1) | (tail == 3 ? value_of(text[i + 2], 2) : 0);
    seen |= group;
    const std::uint32_t unused = tail == 2 ? group & 0xffff : group & 0xff;
    if (unused != 0) return std::nullopt;
    *out++ = static_cast<char>(group >> 16);
    if (tail == 3) *out++ = static_cast<char>(group >> 8);
  }
  if ((seen & kForeign) != 0) return std::nullopt;
  return bytes;
}

}  // namespace tongs
