#include "gateway/ingress/forward_rules.hpp"

#include <algorithm>
#include <array>

#include <tongs/http.hpp>

#include "gateway/ingress/invocation_headers.hpp"
#include "gateway/proxying.hpp"
#include "http/header_rules.hpp"

namespace tongs::gateway {

namespace {

constexpr std::array<std::string_view, 2> kOauthTokens = {"x-forge-oauth-system", "x-forge-oauth-user"};
/// Said anew, or not for the backend.
constexpr std::array<std::string_view, 9> kSaidAnew = {"host",
                                                       "expect",
                                                       "content-length",
                                                       "x-forwarded-for",
                                                       "x-forwarded-host",
                                                       "forwarded",
                                                       "x-forwarded-proto",
                                                       "forge-proxy-authorization",
                                                       "proxy-authorization"};

/// Room that all lines but the verified ones seldom need.
constexpr std::size_t kOtherLines = 2048;

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) noexcept {
  return std::ranges::any_of(names, [&](std::string_view known) { return same_variable(known, name); });
}

bool passes(std::string_view name, const ForwardRules& rules) noexcept {
  if (detail::is_hop_by_hop(name) || is_one_of(kSaidAnew, name)) return false;
  if (is_invocation_header(name) || is_trace_header(name)) return false;
  if (same_variable(name, "authorization")) return rules.authorization;
  if (is_one_of(kOauthTokens, name)) return rules.oauth_tokens;
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

void add_forwarded(net::HeaderText& lines, const net::RequestHead& request, const net::Peer& peer) {
  const std::string_view address = peer.address;
  const std::string_view host = request.fields.find("host").value_or("");
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
                                  std::string_view verified, const ForwardRules& rules, const Trace& trace) {
  ForwardRules allowed = rules;
  allowed.oauth_tokens = rules.oauth_tokens && !request.fields.find("origin");
  const ConnectionOptions options(request.fields);
  net::HeaderText lines;
  lines.reserve(verified.size() + kOtherLines);
  for (const net::Field& field : request.fields) {
    if (passes(field.name, allowed) && !options.name(field.name)) lines.add(field.name, field.value);
  }
  lines.add("Host", request.fields.find("host").value_or("localhost"));
  lines.add_lines(verified);
  add_forwarded(lines, request, peer);
  add_trace(lines, trace);
  return lines;
}

bool is_withheld(std::string_view name) noexcept {
  return detail::carries_credential(name) || is_one_of(kSaidAnew, name) || is_one_of(kOauthTokens, name) ||
         is_invocation_header(name) || is_trace_header(name);
}

}  // namespace tongs::gateway
