#include "common/net/proxy_protocol.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "common/net/ip_text.hpp"
#include "http/ascii.hpp"

namespace tongs::net {

namespace {

namespace ip = boost::asio::ip;
using Parsed = Result<std::optional<ProxyHeader>>;

Parsed incomplete() { return std::optional<ProxyHeader>(); }
Parsed complete(std::size_t size, std::string source, bool tls = false) {
  return std::optional(ProxyHeader{.size = size, .source = std::move(source), .tls = tls});
}
Error malformed(const char* what) { return {Errc::invalid_argument, what}; }

// Version 1: a line of text.

constexpr std::string_view kPrefix1 = "PROXY ";
constexpr std::size_t kMaxLine = 107;  ///< with its line end

bool is_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool canonical = text.size() == 1 || !text.starts_with('0');
  return detail::all_digits(text) && canonical && failed == std::errc();
}

/// The address in its usual spelling; empty if there is none of that family.
std::string address_of(std::string_view text, bool v4) {
  const auto address = parse_ip(text);
  return address && address->is_v4() == v4 ? address->to_string() : std::string();
}

/// What stands before the first space of `line`, which loses both.
std::string_view take_word(std::string_view& line) noexcept {
  const auto space = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, space);
  line.remove_prefix(std::min(space + 1, line.size()));
  return word;
}

Parsed parse_line(std::string_view line, std::size_t size) {
  const std::string_view family = take_word(line);
  if (family == "UNKNOWN") return complete(size, {});
  if (family != "TCP4" && family != "TCP6") return malformed("a PROXY line names no family that there is");
  const bool v4 = family == "TCP4";
  std::string source = address_of(take_word(line), v4);
  const std::string destination = address_of(take_word(line), v4);
  const bool sound = !source.empty() && !destination.empty() && is_port(take_word(line)) && is_port(line);
  if (!sound) return malformed("a PROXY line does not hold two addresses and two ports");
  return complete(size, std::move(source));
}

Parsed parse_version_1(std::string_view bytes) {
  const auto end = bytes.substr(0, kMaxLine).find("\r\n");
  if (end != std::string_view::npos) return parse_line(bytes.substr(0, end).substr(kPrefix1.size()), end + 2);
  if (bytes.size() >= kMaxLine) return malformed("a PROXY line is longer than 107 bytes");
  return incomplete();
}

// Version 2: signature, version and command, family, length; addresses; fields of type, length and value.

constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kFixed = 16;
constexpr std::uint8_t kLocal = 0x20, kProxied = 0x21;
constexpr std::uint8_t kUnspecified = 0x02;  ///< and below: of streams, of datagrams or of neither
constexpr std::uint8_t kTcp4 = 0x11, kTcp6 = 0x21, kUnixStream = 0x31;
constexpr std::uint8_t kChecksum = 0x03;  ///< the type of the field that has a CRC32C
constexpr std::uint8_t kTls = 0x20;       ///< of the one that has bits, a number, and fields of its own
constexpr std::size_t kTlsFixed = 5;
constexpr std::uint8_t kSpeaksTls = 0x01;  ///< one of these bits

std::uint8_t byte_at(std::string_view bytes, std::size_t at) noexcept {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::size_t number_at(std::string_view bytes, std::size_t at, std::size_t width) noexcept {
  std::size_t number = 0;
  for (std::size_t i = 0; i < width; ++i) number = number << 8 | byte_at(bytes, at + i);
  return number;
}

/// Castagnoli's CRC (RFC 3720 B.4) of `bytes`, with zeros in place of the four at `hole`.
std::uint32_t checksum(std::string_view bytes, std::size_t hole) noexcept {
  std::uint32_t crc = 0xffffffff;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    crc ^= i - hole < 4 ? 0 : byte_at(bytes, i);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc;
}

/// Does the caller speak TLS? Errors: invalid_argument (the fields from `at` on are malformed).
Result<bool> read_fields(std::string_view header, std::size_t at) {
  bool tls = false;
  while (at < header.size()) {
    if (header.size() - at < 3) return malformed("a PROXY header ends in the middle of a field");
    const std::size_t value = at + 3, size = number_at(header, at + 1, 2);
    if (size > header.size() - value) return malformed("a field of a PROXY header is longer than the header");
    const bool is_checksum = byte_at(header, at) == kChecksum;
    if (is_checksum && (size != 4 || number_at(header, value, 4) != checksum(header, value))) {
      return malformed("the checksum of a PROXY header is wrong");
    }
    if (byte_at(header, at) == kTls) {
      if (size < kTlsFixed) return malformed("a PROXY header says too little about TLS");
      tls = (byte_at(header, value) & kSpeaksTls) != 0;
    }
    at = value + size;
  }
  return tls;
}

/// How many bytes the addresses of a family take; nothing for one that carries no stream.
std::optional<std::size_t> address_size(std::uint8_t family) noexcept {
  switch (family) {
    case kTcp4:
      return 12;
    case kTcp6:
      return 36;
    case kUnixStream:
      return 216;
    default:
      return std::nullopt;
  }
}

template <class Address>
std::string address_at(std::string_view bytes, std::size_t at) {
  typename Address::bytes_type raw;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), raw.size(), raw.begin());
  return Address(raw).to_string();
}

Parsed parse_version_2(std::string_view bytes) {
  if (bytes.size() < kFixed) return incomplete();
  const std::uint8_t command = byte_at(bytes, 12), family = byte_at(bytes, 13);
  if (command >> 4 != 2) return malformed("a PROXY header has a version that there is not");
  if (command != kLocal && command != kProxied) return malformed("a PROXY header has an unknown command");
  const std::size_t size = kFixed + number_at(bytes, 14, 2);
  if (size > kMaxProxyHeader) return malformed("a PROXY header is longer than 4096 bytes");
  if (bytes.size() < size) return incomplete();
  if (command == kLocal || family <= kUnspecified) return complete(size, {});  // nothing else in it counts
  const auto addresses = address_size(family);
  if (!addresses) return malformed("a PROXY header names no family of streams");
  if (size < kFixed + *addresses) return malformed("a PROXY header is too short for its addresses");
  const auto tls = read_fields(bytes.substr(0, size), kFixed + *addresses);
  if (!tls) return tls.error();
  if (family == kTcp4) return complete(size, address_at<ip::address_v4>(bytes, kFixed), *tls);
  if (family == kTcp6) return complete(size, address_at<ip::address_v6>(bytes, kFixed), *tls);
  return complete(size, "unix", *tls);
}

}  // namespace

Parsed parse_proxy_header(std::string_view bytes) {
  if (bytes.starts_with(kSignature)) return parse_version_2(bytes);
  if (bytes.starts_with(kPrefix1)) return parse_version_1(bytes);
  if (kSignature.starts_with(bytes) || kPrefix1.starts_with(bytes)) return incomplete();
  return malformed("the connection does not begin with a PROXY header");
}

}  // namespace tongs::net
