#include "common/local_guard.hpp"

#include <algorithm>

#include "http/ascii.hpp"
#include "http/host.hpp"

namespace tongs::net {

namespace {

/// `host[:port]` without the port.
std::string_view host_of(std::string_view field) noexcept {
  const std::size_t colon = field.rfind(':');
  if (colon == std::string_view::npos || !detail::all_digits(field.substr(colon + 1))) return field;
  return field.substr(0, colon);
}

/// A name can be pointed anywhere, an address cannot. Precondition: in canonical form, in which no name ends
/// in a number.
bool is_address(std::string_view host) noexcept {
  return host.starts_with('[') || detail::all_digits(host.substr(host.rfind('.') + 1));
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

}  // namespace

LocalGuard::LocalGuard(const ListenAddress& listen, const std::vector<std::string>& names)
    : any_address_(listen.host == "::" || listen.host == "0.0.0.0") {
  const auto add = [this](const std::string& host) {
    if (auto canonical = detail::canonical_host(host)) hosts_.push_back(std::move(*canonical));
  };
  if (!listen.is_unix()) add(bracketed(listen.host));
  for (const std::string& name : names) add(name);
}

bool LocalGuard::is_ours(std::string_view host_field) const {
  const auto host = detail::canonical_host(host_of(host_field));
  if (!host) return false;
  return detail::is_loopback_host(*host) || (any_address_ && is_address(*host)) ||
         std::find(hosts_.begin(), hosts_.end(), *host) != hosts_.end();
}

std::optional<Response> LocalGuard::refusal(const RequestHead& request) const {
  const auto site = request.fields.find("sec-fetch-site");
  if (request.fields.find("origin") || (site && *site != "none")) {
    return Response::problem(403, "web-page",
                             "this listener is for programs: requests of web pages are refused");
  }
  const auto host = request.fields.find("host");
  if (host && !is_ours(*host)) {
    return Response::problem(403, "foreign-host",
                             "the Host header names another machine: call this listener by its address or "
                             "localhost, or add the name (gateway: `hosts` in its section of the "
                             "configuration; emulator: --host)");
  }
  return std::nullopt;
}

}  // namespace tongs::net
