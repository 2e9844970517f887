#include "gateway/egress/upstream_headers.hpp"

#include <algorithm>
#include <string>

#include <tongs/secret.hpp>

#include "gateway/ingress/invocation_headers.hpp"
#include "gateway/proxying.hpp"
#include "http/ascii.hpp"
#include "http/header_rules.hpp"

namespace tongs::gateway {

namespace {

/// A name as servers read it that know neither case nor the difference of `_` and `-`.
std::string folded(std::string_view name) {
  std::string text = detail::to_lower(name);
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

bool is_private(std::string_view name) {
  const std::string text = folded(name);
  return text.starts_with("x-forge-") || text.starts_with("x-forwarded-") || text == "forwarded" ||
         text == "via" || text == "x-real-ip" || text == "cookie";
}

bool passes(std::string_view name) {
  return !detail::is_reserved(name) && !is_invocation_header(name) && !is_private(name);
}

}  // namespace

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
