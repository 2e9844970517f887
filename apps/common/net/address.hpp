#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include <tongs/result.hpp>

namespace tongs::net {

/// Where to listen: `HOST:PORT`, `[IPV6]:PORT` or `unix:PATH`. HOST is an IP address, `localhost` or `*` (all
/// IPv6 and IPv4 addresses); port 0 lets the system choose.
struct ListenAddress {
  std::string host;  ///< empty for a Unix socket
  std::uint16_t port = 0;
  std::string unix_path;

  /// Errors: invalid_argument, with what is wrong and an example.
  static Result<ListenAddress> parse(std::string_view text);
  /// As `parse` reads it.
  std::string text() const;
  bool is_unix() const noexcept { return !unix_path.empty(); }
  /// Can only processes of this machine connect?
  bool is_local() const noexcept;
};

}  // namespace tongs::net
