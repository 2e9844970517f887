#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/ip/address.hpp>

#include "http/ascii.hpp"

namespace tongs::net {

/// The IP address that all of `text` says, without a zone (`%eth0`), which means nothing elsewhere.
inline std::optional<boost::asio::ip::address> parse_ip(std::string_view text) {
  const bool plain =
      std::ranges::all_of(text, [](char c) { return detail::hex_value(c) >= 0 || c == '.' || c == ':'; });
  if (!plain) return std::nullopt;
  boost::system::error_code failed;
  const auto address = boost::asio::ip::make_address(std::string(text), failed);
  return failed ? std::nullopt : std::optional(address);
}

}  // namespace tongs::net
