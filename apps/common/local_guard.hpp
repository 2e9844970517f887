#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/net/address.hpp"
#include "common/net/head.hpp"
#include "common/net/response.hpp"

namespace tongs::net {

/// Keeps web pages away from a listener that is meant for programs of this machine: a browser can be made to
/// send requests to it, by a form, an image, or a name that a page's own DNS server points at 127.0.0.1.
/// Refused is what a browser sends from a page (`Origin`, `Sec-Fetch-Site`), and every `Host` that is none of
/// ours: `localhost` and loopback addresses, the address that we listen on (any address, if it is `*`), and
/// the names that the configuration adds. A request without `Host` (HTTP/1.0) comes from no browser. Thread
/// safety: const.
class LocalGuard {
 public:
  /// `names`: as a `Host` header has them, without port.
  LocalGuard(const ListenAddress& listen, const std::vector<std::string>& names);

  /// The answer that refuses the request, if it must not come in.
  std::optional<Response> refusal(const RequestHead& request) const;

 private:
  bool is_ours(std::string_view host_field) const;

  bool any_address_ = false;
  std::vector<std::string> hosts_;  ///< in canonical form
};

}  // namespace tongs::net
