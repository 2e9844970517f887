#include "common/net/proxies.hpp"

#include <algorithm>

#include <openssl/evp.h>

#include "http/ascii.hpp"
#include "http/host.hpp"
#include "http/url.hpp"

namespace tongs::net {

namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::uint16_t kUsualPort = 1080;

Error no_proxy_url() {
  return {Errc::invalid_argument, "a proxy is http://[USER:PASSWORD@]HOST:PORT, and of no other scheme"};
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

/// Basic credentials (RFC 7617).
Result<Secret> basic_authorization(std::string_view user_info) {
  const auto colon = user_info.find(':');
  auto user = detail::percent_decode(user_info.substr(0, colon));
  auto password = colon == std::string_view::npos ? std::optional(std::string())
                                                  : detail::percent_decode(user_info.substr(colon + 1));
  if (!user || !password || user->find(':') != std::string::npos) return no_proxy_url();
  std::string pair = *user + ":" + *password;
  std::string value = "Basic " + base64(pair);
  wipe(*password);
  wipe(pair);
  return Secret::take(std::move(value));
}

std::optional<std::string> either_case(const ProxyRules::Variable& variable, std::string_view name) {
  auto value = variable(name);
  if (value) return value;
  std::string capitals(name);
  for (char& c : capitals) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return variable(capitals);
}

bool is_or_is_below(std::string_view host, std::string_view domain) noexcept {
  return host.ends_with(domain) &&
         (host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.');
}

}  // namespace

ProxyExceptions::ProxyExceptions(std::string_view list) {
  while (!list.empty()) {
    const auto end = std::min(list.find_first_of(", \t"), list.size());
    std::string_view entry = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (entry == "*") all_ = true;
    if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
    if (networks_.add(entry)) continue;
    if (entry.starts_with("*.")) entry.remove_prefix(1);
    if (entry.starts_with('.')) entry.remove_prefix(1);
    if (!entry.empty()) names_.push_back(detail::to_lower(entry));
  }
}

bool ProxyExceptions::cover(std::string_view host) const {
  const std::string name = detail::to_lower(host);
  return all_ || networks_.contain(host) ||
         std::ranges::any_of(names_, [&](const std::string& domain) { return is_or_is_below(name, domain); });
}

Result<ProxyRules> ProxyRules::of_environment(const Variable& variable) {
  for (const std::string_view name : {"https_proxy", "all_proxy"}) {
    const auto url = either_case(variable, name);
    if (!url || url->empty()) continue;
    auto rules = of_url(*url, variable);
    if (rules) return rules;
    return Error(Errc::invalid_argument, "the variable https_proxy or all_proxy holds no proxy")
        .with_cause(std::move(rules).error());
  }
  return ProxyRules();
}

Result<ProxyRules> ProxyRules::of_url(std::string_view url, const Variable& variable) {
  auto proxy = parse_proxy(url);
  if (!proxy) return std::move(proxy).error();
  return ProxyRules(*std::move(proxy), ProxyExceptions(either_case(variable, "no_proxy").value_or("")));
}

const Proxy* ProxyRules::find(std::string_view host) const {
  const bool ipv6 = host.find(':') != std::string_view::npos;
  const std::string in_url = ipv6 ? "[" + std::string(host) + "]" : std::string(host);
  if (!proxy_ || detail::is_loopback_host(in_url) || exceptions_.cover(host)) return nullptr;
  return proxy_.get();
}

Result<Proxy> parse_proxy(std::string_view url) {
  if (url.starts_with(kScheme)) url.remove_prefix(kScheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  Proxy proxy;
  const auto at = url.rfind('@');
  if (at != std::string_view::npos) {
    auto authorization = basic_authorization(url.substr(0, at));
    if (!authorization) return std::move(authorization).error();
    proxy.authorization = *std::move(authorization);
    url.remove_prefix(at + 1);
  }
  const auto parsed = detail::parse_url(std::string(kScheme).append(url));
  if (!parsed || parsed->path != "/" || !parsed->query.empty()) return no_proxy_url();
  const bool has_port = url.size() > parsed->host.size();
  const bool in_brackets = parsed->host.starts_with('[');
  proxy.host = in_brackets ? parsed->host.substr(1, parsed->host.size() - 2) : parsed->host;
  proxy.port = has_port ? parsed->port : kUsualPort;
  return proxy;
}

}  // namespace tongs::net
