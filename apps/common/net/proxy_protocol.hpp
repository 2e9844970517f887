#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/result.hpp>

namespace tongs::net {

/// What a proxy says at the start of a connection that it passes on: who its caller is (PROXY protocol,
/// versions 1 and 2).
struct ProxyHeader {
  std::size_t size = 0;  ///< of the header, in bytes
  std::string source =
      {};            ///< the caller's IP address, or `unix`; empty: the proxy itself calls, or cannot say
  bool tls = false;  ///< the caller speaks TLS with the proxy; only version 2 can say so
};

/// No header is longer. Of version 1 none can be longer than 107 bytes. Of version 2 one could have 64 KiB;
/// addresses take 232 bytes at most, and what proxies add (names, ids, certificates) some hundred more.
inline constexpr std::size_t kMaxProxyHeader = 4096;

/// The header at the front of `bytes`; nothing as long as it is not complete, which it is with
/// kMaxProxyHeader bytes at the latest. A checksum of version 2 is verified if there is one. Errors:
/// invalid_argument (it is none, or a malformed one).
Result<std::optional<ProxyHeader>> parse_proxy_header(std::string_view bytes);

}  // namespace tongs::net
