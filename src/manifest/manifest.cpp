#include <algorithm>
#include <utility>

#include <tongs/manifest/manifest.hpp>

#include "manifest/content.hpp"

namespace tongs::manifest {

namespace {

template <class Item>
const Item* find_in(const std::unordered_map<std::string_view, const Item*>& index, std::string_view key) {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : found->second;
}

}  // namespace

std::string_view to_string(Operation operation) noexcept {
  switch (operation) {
    case Operation::storage:
      return "storage";
    case Operation::compute:
      return "compute";
    case Operation::fetch:
      return "fetch";
    case Operation::other:
      return "other";
  }
  return "other";
}

bool Operations::has(Operation operation) const noexcept {
  return std::any_of(listed.begin(), listed.end(), [&](const auto& item) { return item.value == operation; });
}

const RegionUrl* BaseUrl::find(std::string_view region) const noexcept {
  const auto found = std::find_if(urls.begin(), urls.end(),
                                  [&](const RegionUrl& url) { return url.region.value == region; });
  return found == urls.end() ? nullptr : &*found;
}

const Reference* Module::endpoint() const noexcept {
  for (const std::string_view property : {"endpoint", "resolver.endpoint"}) {
    const auto found = std::find_if(references.begin(), references.end(), [&](const Reference& reference) {
      return reference.property == property && !reference.in_list;
    });
    if (found != references.end()) return &*found;
  }
  return nullptr;
}

const Scope* Permissions::find_scope(std::string_view name) const noexcept {
  const auto found = std::find_if(scopes.begin(), scopes.end(),
                                  [&](const Scope& scope) { return scope.name.value == name; });
  return found == scopes.end() ? nullptr : &*found;
}

Manifest::Manifest(std::shared_ptr<const detail::Content> content) noexcept : content_(std::move(content)) {}

Manifest Manifest::parse(std::string_view text, const ParseOptions& options) {
  auto content = std::make_shared<detail::Content>();
  content->tree = yaml::Tree::parse(text);
  content->ignored_rules = detail::ignored_rules_in(text);
  detail::interpolate(*content, options);
  detail::read_model(*content);
  return Manifest(std::move(content));
}

bool Manifest::readable() const noexcept {
  return content_->tree.root().is_mapping() && content_->tree.problems().empty();
}

const App& Manifest::app() const noexcept { return content_->app; }
const std::vector<Remote>& Manifest::remotes() const noexcept { return content_->remotes; }
const std::vector<Endpoint>& Manifest::endpoints() const noexcept { return content_->endpoints; }
const std::vector<Module>& Manifest::modules() const noexcept { return content_->modules; }
const std::vector<Module>& Manifest::connect_modules() const noexcept { return content_->connect_modules; }
const Permissions& Manifest::permissions() const noexcept { return content_->permissions; }
const std::vector<AuthProvider>& Manifest::auth_providers() const noexcept {
  return content_->auth_providers;
}
const std::vector<Service>& Manifest::services() const noexcept { return content_->services; }
const std::vector<Variable>& Manifest::variables() const noexcept { return content_->variables; }

const Remote* Manifest::find_remote(std::string_view key) const noexcept {
  return find_in(content_->remote_by_key, key);
}
const Endpoint* Manifest::find_endpoint(std::string_view key) const noexcept {
  return find_in(content_->endpoint_by_key, key);
}
const Service* Manifest::find_service(std::string_view key) const noexcept {
  return find_in(content_->service_by_key, key);
}

std::string Manifest::path(const Position& at) const { return content_->tree.path(at.node); }

}  // namespace tongs::manifest
