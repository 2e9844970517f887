#pragma once
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/error.hpp>

/// How a record is written in a row: fields of a tag (1 byte), a length (4, the lowest byte first) and a
/// value.
namespace tongs::vault::fields {

inline constexpr std::size_t kHead = 1 + 4;  // tag, length

template <std::integral T>
void append_number(std::string& out, T value) {
  auto rest = static_cast<std::uint64_t>(value);
  for (std::size_t i = 0; i < sizeof value; ++i, rest >>= 8) out.push_back(static_cast<char>(rest & 0xff));
}

template <std::integral T>
std::optional<T> read_number(std::string_view bytes) noexcept {
  if (bytes.size() != sizeof(T)) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return static_cast<T>(value);
}

/// The buffer never grows while a secret is in it: growing would leave a copy behind.
inline void make_room(std::string& out, std::size_t size) {
  out.clear();
  if (out.capacity() < size) out.reserve(2 * size);
}

template <class Tag>
void append_head(std::string& out, Tag tag, std::size_t size) {
  out.push_back(static_cast<char>(tag));
  append_number(out, static_cast<std::uint32_t>(size));
}

/// An empty text is left out.
template <class Tag>
void append_text(std::string& out, Tag tag, std::string_view text) {
  if (text.empty()) return;
  append_head(out, tag, text.size());
  out.append(text);
}

template <class Tag, std::integral T>
void append_integer(std::string& out, Tag tag, T value) {
  append_head(out, tag, sizeof value);
  append_number(out, value);
}

template <class Tag>
void append_time(std::string& out, Tag tag, WallTime value) {
  append_integer(out, tag, std::int64_t{value.time_since_epoch().count()});
}

/// Calls `take(tag, value)` for each field; false if the bytes are cut short or `take` said no.
template <class Tag, class Take>
bool each(std::string_view bytes, Take take) {
  while (!bytes.empty()) {
    if (bytes.size() < kHead) return false;
    const auto tag = static_cast<Tag>(static_cast<unsigned char>(bytes.front()));
    const std::size_t size = *read_number<std::uint32_t>(bytes.substr(1, 4));
    bytes.remove_prefix(kHead);
    if (size > bytes.size() || !take(tag, bytes.substr(0, size))) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

inline bool take_time(WallTime& out, std::string_view bytes) noexcept {
  const auto seconds = read_number<std::int64_t>(bytes);
  if (seconds) out = WallTime(std::chrono::seconds(*seconds));
  return seconds.has_value();
}

inline bool take_flag(bool& out, std::string_view bytes) noexcept {
  const auto value = read_number<std::uint8_t>(bytes);
  if (!value || *value > 1) return false;
  out = *value == 1;
  return true;
}

inline Error broken() {
  return {Errc::storage_failed, "a row of the vault is not what this version of tongs writes"};
}

}  // namespace tongs::vault::fields
