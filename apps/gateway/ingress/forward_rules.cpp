#include "gateway/ingress/forward_rules.hpp"

#include <array>
#include <cstdio>

#include <tongs/http.hpp>

#include "gateway/ingress/invocation_headers.hpp"
#include "gateway/proxying.hpp"
#include "http/header_rules.hpp"

namespace tongs::gateway {

namespace {

bool is_oauth_token(std::string_view name) noexcept {
  return same_header_name(name, "x-forge-oauth-system") || same_header_name(name, "x-forge-oauth-user");
}

bool passes(const net::RequestHead& request, std::string_view name, const ForwardRules& rules) noexcept {
  if (detail::is_hop_by_hop(name) || same_header_name(name, "content-length")) return false;
  if (same_header_name(name, "expect")) return false;  // answered here
  if (is_invocation_header(name)) return false;
  if (same_header_name(name, "authorization")) return rules.authorization;
  if (is_oauth_token(name)) return rules.oauth_tokens;
  if (same_header_name(name, "x-forwarded-for") || same_header_name(name, "x-forwarded-host") ||
      same_header_name(name, "x-forwarded-proto") || same_header_name(name, "forwarded")) {
    return false;
  }
  return !named_by_connection(request.fields, name);
}

void add_forwarded(net::HeaderText& lines, const net::RequestHead& request, std::string_view peer) {
  const std::string_view host = request.fields.find("host").value_or("");
  std::string chain(request.fields.find("x-forwarded-for").value_or(""));
  if (!chain.empty()) chain += ", ";
  lines.add("X-Forwarded-For", chain.append(peer));
  lines.add("X-Forwarded-Proto", request.fields.find("x-forwarded-proto").value_or("http"));
  if (!host.empty()) lines.add("X-Forwarded-Host", request.fields.find("x-forwarded-host").value_or(host));
  const bool ipv6 = peer.find(':') != std::string_view::npos;
  std::string forwarded(request.fields.find("forwarded").value_or(""));
  if (!forwarded.empty()) forwarded += ", ";
  forwarded.append("for=")
      .append(ipv6 ? "\"[" : "")
      .append(peer == "unix" ? "_unix" : peer)
      .append(ipv6 ? "]\"" : "");
  lines.add("Forwarded", forwarded.append(";proto=http"));
}

void add_trace(net::HeaderText& lines, const net::RequestHead& request, std::uint64_t random) {
  if (request.fields.find("x-b3-traceid")) return;
  std::array<char, 17> id{};
  std::snprintf(id.data(), id.size(), "%016llx", static_cast<unsigned long long>(random | 1));
  lines.add("x-b3-traceid", id.data());
  lines.add("x-b3-spanid", id.data());
}

}  // namespace

net::HeaderText forwarded_request(const net::RequestHead& request, std::string_view peer,
                                  std::string_view verified, const ForwardRules& rules,
                                  std::uint64_t random) {
  net::HeaderText lines;
  for (const net::Field& field : request.fields) {
    if (passes(request, field.name, rules)) lines.add(field.name, field.value);
  }
  if (!request.fields.find("host")) lines.add("Host", "localhost");
  lines.add_lines(verified);
  add_forwarded(lines, request, peer);
  add_trace(lines, request, random);
  return lines;
}

}  // namespace tongs::gateway
