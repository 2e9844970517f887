#include "gateway/egress/upstream_headers.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <tongs/secret.hpp>

#include "gateway/ingress/invocation_headers.hpp"
#include "gateway/proxying.hpp"
#include "http/header_rules.hpp"

namespace tongs::gateway {

namespace {

bool begins_as(std::string_view name, std::string_view prefix) noexcept {
  return name.size() >= prefix.size() && same_variable(name.substr(0, prefix.size()), prefix);
}

bool passes(std::string_view name) { return !detail::is_reserved(name) && !is_private_header(name); }

}  // namespace

bool is_private_header(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 6> names = {"forwarded", "via",         "x-real-ip",
                                                     "cookie",    kEgressSecret, "forge-proxy-authorization"};
  return begins_as(name, "x-forge-") || begins_as(name, "x-forwarded-") || is_invocation_header(name) ||
         std::ranges::any_of(names, [&](std::string_view known) { return same_variable(known, name); });
}

net::HeaderText upstream_headers(const net::RequestHead& request, const net::Destination& to,
                                 std::string_view token) {
  const ConnectionOptions options(request.fields);
  net::HeaderText lines;
  lines.add("Host", to.authority());
  for (const net::Field& field : request.fields) {
    if (passes(field.name) && !options.name(field.name)) lines.add(field.name, field.value);
  }
  std::string bearer = "Bearer ";
  bearer.reserve(bearer.size() + token.size());
  lines.add("Authorization", bearer.append(token));
  wipe(bearer);
  return lines;
}

}  // namespace tongs::gateway
