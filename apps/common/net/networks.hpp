#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <tongs/result.hpp>

namespace tongs::net {

/// A set of IP networks, written as `192.0.2.0/24`, `2001:db8::/32`, or one address. Thread safety: const.
class Networks {
 public:
  /// Errors: invalid_argument (no address, a prefix that is too long, or bits set behind the prefix).
  Result<void> add(std::string_view text);
  bool empty() const noexcept { return list_.empty(); }
  /// Is `address`, as text, in one of them? An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) is what it
  /// stands for. False for what is no address.
  bool contain(std::string_view address) const noexcept;

 private:
  struct Address {
    bool v4 = false;
    std::array<std::uint8_t, 16> bytes{};
  };
  struct Network {
    Address first;
    unsigned prefix = 0;  ///< bits
  };
  static Result<Address> parse_address(std::string_view text);
  static bool equal(const Address& a, const Address& b, unsigned bits) noexcept;

  std::vector<Network> list_;
};

}  // namespace tongs::net
