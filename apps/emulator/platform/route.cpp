#include "emulator/platform/route.hpp"

#include <utility>

#include "http/url.hpp"

namespace tongs::emulator {

std::variant<std::string, Problem> remote_url(const World& world, const Remote& remote, const Site& site) {
  const auto said = world.remote_urls.find(remote.key);
  if (said != world.remote_urls.end()) return said->second;
  const std::string_view declared = remote.url(site.region);
  const std::string how = "say where it lives here: --remote " + remote.key +
                          "=http://127.0.0.1:PORT, or PUT /_emulator/remotes/" + remote.key;
  if (declared.empty()) {
    return Problem{"the remote " + remote.key + " has no baseUrl in the manifest; " + how, ""};
  }
  const auto url = detail::parse_url(declared);
  if (!url)
    return Problem{"the baseUrl of the remote " + remote.key + " is no http or https URL; " + how, ""};
  if (!detail::is_loopback(*url)) {
    return Problem{"the remote " + remote.key + " is not on this machine, so it is left alone; " + how, ""};
  }
  return std::string(declared);
}

std::variant<std::string, Problem> join_path(std::string_view base, std::string_view path,
                                             const Behaviour& behaviour) {
  std::string joined(base);
  const auto authority_end = base.find('/', base.find("://") + 3);
  if (behaviour.resolve_paths && path.starts_with('/')) {
    joined = std::string(base.substr(0, authority_end)).append(path);
  } else if (behaviour.resolve_paths && authority_end != std::string_view::npos) {
    joined = std::string(base.substr(0, base.rfind('/') + 1)).append(path);
  } else if (!path.empty()) {
    while (joined.ends_with('/')) joined.pop_back();
    if (!path.starts_with('/')) joined += '/';
    joined += path;
  }
  auto url = detail::parse_url(joined);
  if (!url) {
    return Problem{
        "does not make a URL with the remote's base URL: it must be percent-encoded, without "
        "fragment, `.` and `..`",
        "/path"};
  }
  return url->text();
}

TokenWish token_wish(const Endpoint& endpoint, const Remote& remote, const Behaviour& behaviour) noexcept {
  if (!behaviour.auth_from_remote) return endpoint.auth;
  return {endpoint.auth.system || remote.auth.system, endpoint.auth.user || remote.auth.user};
}

}  // namespace tongs::emulator
