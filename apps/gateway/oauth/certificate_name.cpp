#include "gateway/oauth/certificate_name.hpp"

#include <algorithm>
#include <vector>

#include "http/host.hpp"

namespace tongs::gateway::oauth {

namespace {

constexpr std::string_view kDns = "dns:", kUri = "uri:", kSubject = "subject:";
constexpr std::size_t kLongestName = 512;

bool is_ascii(std::string_view text, char first) noexcept {
  return std::ranges::all_of(text, [first](char c) { return c >= first && c <= '~'; });
}

/// `scheme:…`, RFC 3986.
bool is_uri(std::string_view text) noexcept {
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && colon > 0 && colon + 1 < text.size() && is_ascii(text, '!');
}

/// `type=value` at least.
bool is_subject(std::string_view text) noexcept {
  const std::size_t equals = text.find('=');
  return equals != std::string_view::npos && equals > 0 && is_ascii(text, ' ');
}

Error wrong(const char* what) { return {Errc::invalid_argument, what}; }

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

Result<std::string> certificate_name(std::string_view text) {
  if (text.size() > kLongestName) return wrong("the name of a certificate has at most 512 bytes");
  if (text.starts_with(kDns)) {
    const auto host = detail::canonical_host(text.substr(kDns.size()));
    if (host) return std::string(kDns) + *host;
    return wrong("after dns: comes the name of a host, such as backend.example.com");
  }
  if (text.starts_with(kUri)) {
    if (is_uri(text.substr(kUri.size()))) return std::string(text);
    return wrong("after uri: comes a URI, such as spiffe://example.com/billing");
  }
  if (text.starts_with(kSubject)) {
    if (is_subject(text.substr(kSubject.size()))) return std::string(text);
    return wrong(
        "after subject: comes what `openssl x509 -noout -subject -nameopt RFC2253` says, such as "
        "CN=billing,O=Example");
  }
  return wrong("the name of a certificate begins with dns:, uri: or subject:");
}

bool has_name(const net::PeerCertificate& certificate, std::string_view name) {
  if (name.starts_with(kDns)) return contains(certificate.dns_names, name.substr(kDns.size()));
  if (name.starts_with(kUri)) return contains(certificate.uris, name.substr(kUri.size()));
  return name.starts_with(kSubject) && name.substr(kSubject.size()) == certificate.subject;
}

std::string names_of(const net::PeerCertificate& certificate) {
  std::string names = std::string(kSubject) + certificate.subject;
  for (const auto& name : certificate.dns_names) names.append(" ").append(kDns).append(name);
  for (const auto& name : certificate.uris) names.append(" ").append(kUri).append(name);
  return names.substr(0, kLongestName);
}

}  // namespace tongs::gateway::oauth
