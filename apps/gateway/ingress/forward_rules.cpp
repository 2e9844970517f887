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

/// All values of that name, in order, with commas between them (RFC 9110 5.3).
std::string joined(const net::Fields& fields, std::string_view name) {
  std::string text;
  for (const net::Field& field : fields) {
    if (!same_header_name(field.name, name)) continue;
    text.append(text.empty() ? "" : ", ").append(field.value);
  }
  return text;
}

void add_forwarded(net::HeaderText& lines, const net::RequestHead& request, const net::Peer& peer) {
  const std::string_view address = peer.address, scheme = peer.tls ? "https" : "http";
  const std::string_view host = request.fields.find("host").value_or("");
  std::string chain = joined(request.fields, "x-forwarded-for");
  if (!chain.empty()) chain += ", ";
  lines.add("X-Forwarded-For", chain.append(address));
  lines.add("X-Forwarded-Proto", request.fields.find("x-forwarded-proto").value_or(scheme));
  if (!host.empty()) lines.add("X-Forwarded-Host", request.fields.find("x-forwarded-host").value_or(host));
  const bool ipv6 = address.find(':') != std::string_view::npos;
  std::string forwarded = joined(request.fields, "forwarded");
  if (!forwarded.empty()) forwarded += ", ";
  forwarded.append("for=")
      .append(ipv6 ? "\"[" : "")
      .append(address == "unix" ? "_unix" : address)
      .append(ipv6 ? "]\"" : "")
      .append(";proto=")
      .append(scheme);
  lines.add("Forwarded", forwarded);
}

void add_trace(net::HeaderText& lines, const Trace& trace) {
  lines.add("x-b3-traceid", trace.trace_id);
  lines.add("x-b3-spanid", trace.span_id);
  lines.add("traceparent", trace.traceparent);
}

}  // namespace

net::HeaderText forwarded_request(const net::RequestHead& request, const net::Peer& peer,
                                  std::string_view verified, const ForwardRules& rules, const Trace& trace) {
  ForwardRules allowed = rules;
  allowed.oauth_tokens = rules.oauth_tokens && !request.fields.find("origin");
  const ConnectionOptions options(request.fields);
  net::HeaderText lines;
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
