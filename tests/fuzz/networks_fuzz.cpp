#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include <arpa/inet.h>

#include "common/net/networks.hpp"

using tongs::net::Networks;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// An address as the system reads it: of IPv4 as it stands in IPv6 (RFC 4291 2.5.5.2).
using Bytes = std::array<std::uint8_t, 16>;

std::optional<Bytes> bytes_of(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string name(text);
  Bytes bytes{};
  if (::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1) return bytes;
  bytes[10] = bytes[11] = 0xff;
  if (::inet_pton(AF_INET, name.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

bool is_v4(const Bytes& bytes) {
  const bool zeros =
      std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t byte) { return byte == 0; });
  return zeros && bytes[10] == 0xff && bytes[11] == 0xff;
}

bool bit(const Bytes& bytes, unsigned at) { return (bytes[at / 8] >> (7 - at % 8) & 1) != 0; }

/// A network, read once more: bit by bit.
struct Network {
  Bytes first{};
  unsigned prefix = 0;  ///< of 128

  static Network of(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = bytes_of(text.substr(0, slash));
    require(address.has_value());
    Network network{*address, 128};
    if (slash == std::string_view::npos) return network;
    const std::string number(text.substr(slash + 1));
    require(!number.empty() &&
            std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }));
    const unsigned long most = is_v4(*address) ? 32 : 128, prefix = std::stoul(number);
    require(prefix <= most);
    network.prefix = static_cast<unsigned>(128 - most + prefix);
    for (unsigned at = network.prefix; at < 128; ++at) require(!bit(*address, at));
    return network;
  }
  bool contains(const Bytes& address) const {
    if (is_v4(address) != is_v4(first)) return false;
    for (unsigned at = 0; at < prefix; ++at) {
      if (bit(address, at) != bit(first, at)) return false;
    }
    return true;
  }
};

}  // namespace

/// Each line is a network and the last one an address: who is let in is who is meant.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Networks networks;
  bool meant = false;
  const std::string_view last = text.substr(text.rfind('\n') + 1);
  const auto address = bytes_of(last);
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto added = networks.add(line);
    if (!added) {
      require(added.error().code() == tongs::Errc::invalid_argument && !added.error().message().empty());
      continue;
    }
    meant = (address && Network::of(line).contains(*address)) || meant;
  }
  require(networks.contain(last) == meant);
  return 0;
}
