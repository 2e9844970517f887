#pragma once
#include <cstdint>
#include <string_view>

#include "common/net/head.hpp"
#include "common/net/response.hpp"

namespace tongs::gateway {

/// What of a request reaches the backend.
struct ForwardRules {
  bool authorization = false;  ///< the FIT itself
  bool oauth_tokens = false;   ///< `x-forge-oauth-system` and `x-forge-oauth-user`
};

/// The header lines for the backend: those of the request without hop-by-hop fields (RFC 9110 7.6.1), without
/// credentials unless `rules` says so, without anything that only the gateway may say; with `verified` (the
/// `Forge-*` lines), `X-Forwarded-*`, `Forwarded` (RFC 7239), and B3 trace ids made if none came
/// (contract 1.3.3). `random`: makes the trace ids.
net::HeaderText forwarded_request(const net::RequestHead& request, std::string_view peer,
                                  std::string_view verified, const ForwardRules& rules, std::uint64_t random);

}  // namespace tongs::gateway
