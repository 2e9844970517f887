#include "gateway/sources/trigger_url.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace tongs::gateway {

namespace {

bool fits(std::string_view host, std::string_view pattern) noexcept {
  if (!pattern.starts_with("*.")) return host == pattern;
  const std::string_view domain = pattern.substr(1);
  return host.size() > domain.size() && host.ends_with(domain);
}

}  // namespace

Result<void> check_trigger_url(std::string_view text, std::string_view api_base_url,
                               const std::vector<std::string>& hosts) {
  const auto url = detail::parse_url(text);
  if (!url) return Error(Errc::invalid_argument, "the authTriggerUrl is no https URL");
  if (!detail::is_https_or_loopback(*url)) {
    return Error(Errc::invalid_argument, "the authTriggerUrl is not https");
  }
  const auto api = detail::parse_url(api_base_url);
  if (api && detail::origin(*api) == detail::origin(*url)) return {};
  const bool known = url->scheme == "https" && url->port == 443 &&
                     std::any_of(hosts.begin(), hosts.end(),
                                 [&](const std::string& pattern) { return fits(url->host, pattern); });
  if (known) return {};
  return Error(Errc::invalid_argument,
               "the authTriggerUrl is at no host of the platform: if it is one, add it to "
               "sources.trigger_hosts");
}

}  // namespace tongs::gateway
