#include "gateway/ingress/forward_rules.hpp"

#include <tongs/http.hpp>

#include "gateway/ingress/invocation_headers.hpp"
#include "gateway/proxying.hpp"
#include "http/header_rules.hpp"
#include "http/name_set.hpp"

namespace tongs::gateway {

namespace {

constexpr detail::NameSet kOauthTokens("x-forge-oauth-system", "x-forge-oauth-user");
/// Said anew, or not for the backend.
constexpr detail::NameSet kSaidAnew("host", "expect", "content-length", "x-forwarded-for", "x-forwarded-host",
                                    "forwarded", "x-forwarded-proto", "forge-proxy-authorization",
                                    "proxy-authorization");

/// Room that all lines seldom need, and that malloc has at hand.
constexpr std::size_t kUsualLines = 1000;

bool passes(std::string_view name, const ForwardRules& rules) noexcept {
  if (detail::is_hop_by_hop(name) || kSaidAnew.contains(name)) return false;
  if (is_invocation_header(name) || is_trace_header(name)) return false;
  if (same_variable(name, "authorization")) return rules.authorization;
  if (kOauthTokens.contains(name)) return rules.oauth_tokens;
  return true;
}

/// All values that came under a name, in order, with commas between and behind them (RFC 9110 5.3).
std::string chain_of(const net::Fields& fields, std::string_view name) {
  std::string chain;
  for (const net::Field& field : fields) {
    if (same_header_name(field.name, name)) chain.append(field.value).append(", ");
  }
  return chain;
}

void add_forwarded(net::HeaderText& lines, const net::RequestHead& request, std::string_view host,
                   const net::Peer& peer) {
  const std::string_view address = peer.address;
  lines.add("X-Forwarded-For", {chain_of(request.fields, "x-forwarded-for"), address});
  lines.add("X-Forwarded-Proto",
            request.fields.find("x-forwarded-proto").value_or(peer.tls ? "https" : "http"));
  if (!host.empty()) lines.add("X-Forwarded-Host", request.fields.find("x-forwarded-host").value_or(host));
  const bool ipv6 = address.find(':') != std::string_view::npos;
  lines.add("Forwarded", {chain_of(request.fields, "forwarded"), "for=", ipv6 ? "\"[" : "",
                          address == "unix" ? "_unix" : address, ipv6 ? "]\"" : "",
                          peer.tls ? ";proto=https" : ";proto=http"});
}

void add_trace(net::HeaderText& lines, const Trace& trace) {
  lines.add("x-b3-traceid", trace.trace_id());
  lines.add("x-b3-spanid", trace.span_id());
  lines.add("traceparent", trace.traceparent());
}

}  // namespace

net::HeaderText forwarded_request(const net::RequestHead& request, const net::Peer& peer,
                                  const ForwardRules& rules, const Trace& trace) {
  ForwardRules allowed = rules;
  allowed.oauth_tokens = rules.oauth_tokens && !request.fields.find("origin");
  const ConnectionOptions options(request.fields);
  net::HeaderText lines;
  lines.reserve(kUsualLines);
  for (const net::Field& field : request.fields) {
    if (passes(field.name, allowed) && !options.name(field.name)) lines.add(field.name, field.value);
  }
  const auto host = request.fields.find("host");
  lines.add("Host", host.value_or("localhost"));
  add_forwarded(lines, request, host.value_or(""), peer);
  add_trace(lines, trace);
  return lines;
}

bool is_withheld(std::string_view name) noexcept {
  return detail::carries_credential(name) || kSaidAnew.contains(name) || kOauthTokens.contains(name) ||
         is_invocation_header(name) || is_trace_header(name);
}

}  // namespace tongs::gateway
