#pragma once
#include <string_view>

#include "common/net/head.hpp"
#include "common/net/response.hpp"
#include "common/net/server.hpp"
#include "gateway/ingress/trace.hpp"

namespace tongs::gateway {

/// What of a request reaches the backend.
struct ForwardRules {
  bool authorization = false;  ///< the FIT itself
  bool oauth_tokens = false;   ///< `x-forge-oauth-system` and `x-forge-oauth-user`
};

/// The header lines for the backend, but for the `Forge-*` lines: those of the request without hop-by-hop
/// fields (RFC 9110 7.6.1), without credentials unless `rules` says so, without anything that only the
/// gateway may say; with `X-Forwarded-*`, `Forwarded` (RFC 7239), and the trace. An OAuth token never goes on
/// from a browser's page, which may have made it up (contract 1.3.4).
net::HeaderText forwarded_request(const net::RequestHead& request, const net::Peer& peer,
                                  const ForwardRules& rules, const Trace& trace);

/// May a field of this name not come from a stranger: one that the gateway says itself, a credential, or one
/// that says how a request was reached? For fields after a body, of which none of these may be.
bool is_withheld(std::string_view name) noexcept;

}  // namespace tongs::gateway
