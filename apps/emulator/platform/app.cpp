#include "emulator/platform/app.hpp"

#include <algorithm>

namespace tongs::emulator {

namespace {

template <class Keyed>
const Keyed* find_key(const std::vector<Keyed>& all, std::string_view key) noexcept {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Keyed& one) { return one.key == key; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string_view Remote::url(std::string_view region) const noexcept {
  auto found = urls.find(region);
  if (found == urls.end()) found = urls.find("default");
  return found == urls.end() ? std::string_view() : std::string_view(found->second);
}

const Remote* App::find_remote(std::string_view key) const noexcept { return find_key(remotes, key); }
const Endpoint* App::find_endpoint(std::string_view key) const noexcept { return find_key(endpoints, key); }
const Module* App::find_module(std::string_view key) const noexcept { return find_key(modules, key); }

bool App::has_scope(std::string_view scope) const noexcept {
  return std::any_of(scopes.begin(), scopes.end(), [&](const Scope& one) { return one.name == scope; });
}

std::vector<std::string> App::scope_names() const {
  std::vector<std::string> names;
  for (const auto& scope : scopes) names.push_back(scope.name);
  return names;
}

std::vector<std::string> App::impersonation_scopes() const {
  std::vector<std::string> names;
  for (const auto& scope : scopes) {
    if (scope.allow_impersonation) names.push_back(scope.name);
  }
  return names;
}

}  // namespace tongs::emulator
