#include "gateway/ingress/routes.hpp"

#include <algorithm>
#include <array>

#include "common/config/units.hpp"
#include "http/url.hpp"

namespace tongs::gateway {

namespace {

/// Module types that Forge waits longer for (contract 1.2.8).
constexpr std::array<std::string_view, 4> kPatientModules = {"webtrigger", "action", "rovo:agentConnector",
                                                             "preUninstall"};
constexpr std::chrono::seconds kLongPatience{55};
constexpr std::string_view kModule = "module:";

/// The next word of `line`, which loses it.
std::string_view take_word(std::string_view& line) noexcept {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(" \t"));
  line.remove_prefix(word.size());
  return word;
}

bool is_at_or_below(std::string_view path, std::string_view root) noexcept {
  return path.starts_with(root) &&
         (path.size() == root.size() || root.ends_with('/') || path[root.size()] == '/');
}

bool fits(const Route& route, std::string_view path, const FitClaims& claims) noexcept {
  return route.path.empty() ? route.module_key == claims.module_key : is_at_or_below(path, route.path);
}

}  // namespace

Result<Route> Route::parse(std::string_view line) {
  const std::string_view what = take_word(line), arrow = take_word(line), url = take_word(line),
                         time = take_word(line);
  Route route;
  if (what.starts_with('/')) {
    route.path = what;
  } else if (what.starts_with(kModule) && what.size() > kModule.size()) {
    route.module_key = what.substr(kModule.size());
  }
  if (arrow != "->" || (route.path.empty() && route.module_key.empty()) || !take_word(line).empty()) {
    return Error(
        Errc::invalid_argument,
        R"(must be "/PATH -> URL" or "module:KEY -> URL", with a time behind it if you like, such as )"
        R"("/agent -> http://127.0.0.1:9100 55s")");
  }
  auto at = net::parse_endpoint(url);
  if (!at) return Error(Errc::invalid_argument, "has a URL that is none").with_cause(at.error());
  if (at->target.find('?') != std::string::npos) {
    return Error(Errc::invalid_argument, "has a URL with a query (?…), which a backend cannot have");
  }
  route.at = *std::move(at);
  if (!time.empty()) {
    route.patience = config::parse_duration(time);
    if (!route.patience || *route.patience < std::chrono::milliseconds(100)) {
      return Error(Errc::invalid_argument, "has a time that is none, or less than 100ms: write 55s or 500ms");
    }
  }
  return route;
}

Routes::Choice Routes::choose(std::string_view path, const FitClaims& claims) const {
  const auto found =
      std::ranges::find_if(routes_, [&](const Route& route) { return fits(route, path, claims); });
  const auto number = static_cast<std::size_t>(found - routes_.begin());
  if (found == routes_.end()) return {&usual_, patience_for(claims), number};
  return {&found->at, found->patience.value_or(patience_for(claims)), number};
}

std::vector<net::Destination> Routes::destinations() const {
  std::vector<net::Destination> all;
  for (const Route& route : routes_) all.push_back(route.at.to);
  all.push_back(usual_.to);
  return all;
}

std::chrono::milliseconds Routes::patience_for(const FitClaims& claims) const {
  const bool patient = std::ranges::find(kPatientModules, claims.module_type) != kPatientModules.end();
  return patient ? std::max<std::chrono::milliseconds>(usual_patience_, kLongPatience) : usual_patience_;
}

}  // namespace tongs::gateway
