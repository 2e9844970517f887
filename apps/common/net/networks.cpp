#include "common/net/networks.hpp"

#include <algorithm>
#include <charconv>

#include "common/net/ip_text.hpp"

namespace tongs::net {

namespace {

constexpr unsigned bits_of(bool v4) noexcept { return v4 ? 32 : 128; }

}  // namespace

Result<Networks::Address> Networks::parse_address(std::string_view text) {
  namespace ip = boost::asio::ip;
  auto found = parse_ip(text);
  if (!found) return Error(Errc::invalid_argument, "must be an IP address or a network such as 192.0.2.0/24");
  ip::address parsed = *found;
  if (parsed.is_v6() && parsed.to_v6().is_v4_mapped()) {
    parsed = ip::make_address_v4(ip::v4_mapped, parsed.to_v6());
  }
  Address address{.v4 = parsed.is_v4(), .bytes = {}};
  if (address.v4) {
    std::ranges::copy(parsed.to_v4().to_bytes(), address.bytes.begin());
  } else {
    address.bytes = parsed.to_v6().to_bytes();
  }
  return address;
}

bool Networks::equal(const Address& a, const Address& b, unsigned bits) noexcept {
  if (a.v4 != b.v4) return false;
  const unsigned whole = bits / 8;
  if (!std::equal(a.bytes.begin(), a.bytes.begin() + whole, b.bytes.begin())) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xffU << (8 - bits % 8));
  return ((a.bytes[whole] ^ b.bytes[whole]) & mask) == 0;
}

Result<void> Networks::add(std::string_view text) {
  const auto slash = text.find('/');
  auto address = parse_address(text.substr(0, slash));
  if (!address) return std::move(address).error();
  unsigned prefix = bits_of(address->v4);
  if (slash != std::string_view::npos) {
    const std::string_view number = text.substr(slash + 1);
    const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), prefix);
    if (failed != std::errc() || end != number.data() + number.size() || prefix > bits_of(address->v4)) {
      return Error(Errc::invalid_argument, "has a prefix that is no number of bits of its address");
    }
  }
  Address first = *address;
  for (unsigned bit = prefix; bit < bits_of(first.v4); ++bit) {
    first.bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  }
  if (first.bytes != address->bytes) {
    return Error(Errc::invalid_argument,
                 "has bits behind its prefix: write the first address of the network, or a longer prefix");
  }
  list_.push_back({first, prefix});
  return {};
}

bool Networks::contain(std::string_view address) const noexcept {
  const auto parsed = parse_address(address);
  return parsed && std::ranges::any_of(list_, [&](const Network& network) {
           return equal(network.first, *parsed, network.prefix);
         });
}

}  // namespace tongs::net
