#include "common/net/address.hpp"

#include <charconv>

#include <boost/asio/ip/address.hpp>

namespace tongs::net {

namespace {

Error malformed(const char* what) {
  return {Errc::invalid_argument,
          std::string(what) + "; write HOST:PORT, [IPV6]:PORT or unix:PATH, such as 127.0.0.1:8080"};
}

}  // namespace

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
  ListenAddress address;
  if (text.starts_with("unix:")) {
    address.unix_path = text.substr(5);
    if (address.unix_path.empty()) return malformed("the Unix socket has no path");
    if (address.unix_path.size() > 107)
      return malformed("the path of the Unix socket is longer than 107 bytes");
    return address;
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return malformed("the address has no port");
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (failed != std::errc() || end != port.data() + port.size() || port.empty()) {
    return malformed("the port is not a number from 0 to 65535");
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  if (host == "*") host = "::";
  boost::system::error_code bad;
  const auto ip = boost::asio::ip::make_address(host, bad);
  if (bad) return malformed("the host is neither an IP address nor localhost nor *");
  address.host = ip.to_string();
  return address;
}

std::string ListenAddress::text() const {
  if (is_unix()) return "unix:" + unix_path;
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool ListenAddress::is_local() const noexcept {
  if (is_unix()) return true;
  boost::system::error_code bad;
  const auto ip = boost::asio::ip::make_address(host, bad);
  return !bad && ip.is_loopback();
}

}  // namespace tongs::net
