#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

#include "common/net/networks.hpp"

namespace tongs::net {

/// An HTTP proxy that opens tunnels (CONNECT, RFC 9110 9.3.6).
struct Proxy {
  std::string host;  ///< name or IP address, without brackets
  std::uint16_t port = 0;
  Secret authorization;  ///< the value of `Proxy-Authorization`; empty: none
};

/// The hosts that are not asked for through a proxy: what the variable `no_proxy` holds. Names with or
/// without a dot in front, which stand for themselves and what is below them; addresses and networks; `*` for
/// all.
class ProxyExceptions {
 public:
  ProxyExceptions() = default;
  explicit ProxyExceptions(std::string_view list);
  bool cover(std::string_view host) const;

 private:
  bool all_ = false;
  std::vector<std::string> names_;
  Networks networks_;
};

/// Which way leads to a host over TLS: straight, or through a proxy. Never through one to this machine. Plain
/// HTTP always goes straight: it carries nothing of ours beyond this machine. Thread safety: const.
class ProxyRules {
 public:
  /// Reads a variable of the environment.
  using Variable = std::function<std::optional<std::string>(std::string_view name)>;

  ProxyRules() = default;
  ProxyRules(Proxy proxy, ProxyExceptions exceptions)
      : proxy_(std::make_shared<const Proxy>(std::move(proxy))), exceptions_(std::move(exceptions)) {}

  /// `https_proxy`, or else `all_proxy`, and `no_proxy`; in capitals if they are not there in lower case.
  /// Errors: invalid_argument (the message names the variable).
  static Result<ProxyRules> of_environment(const Variable& variable);
  /// This proxy for every host but those of `no_proxy`. Errors: as `parse_proxy`.
  static Result<ProxyRules> of_url(std::string_view url, const Variable& variable);

  /// The proxy for connections to that host, or null. Valid as long as this object.
  const Proxy* find(std::string_view host) const;

 private:
  std::shared_ptr<const Proxy> proxy_;
  ProxyExceptions exceptions_;
};

/// `[http://][USER[:PASSWORD]@]HOST[:PORT]`, user and password percent-encoded; port 1080 if there is none,
/// as with curl. Errors: invalid_argument (anything else: above all `https://` and `socks5://`).
Result<Proxy> parse_proxy(std::string_view url);

}  // namespace tongs::net
