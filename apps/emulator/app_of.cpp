#include "emulator/app_of.hpp"

#include <string>

#include "common/process.hpp"

namespace tongs::emulator {

namespace {

TokenWish wish_of(const manifest::Auth& auth) {
  return {.system = auth.system_enabled(), .user = auth.user_enabled()};
}

Remote remote_of(const manifest::Remote& given) {
  Remote remote{.key = given.key.value, .urls = {}, .auth = wish_of(given.auth)};
  if (!given.base_url) return remote;
  for (const manifest::RegionUrl& url : given.base_url->urls) {
    remote.urls.emplace(given.base_url->regional ? url.region.value : "default", url.url);
  }
  return remote;
}

Endpoint endpoint_of(const manifest::Endpoint& given) {
  Endpoint endpoint{
      .key = given.key.value, .remote = given.remote->value, .path = {}, .auth = wish_of(given.auth)};
  if (given.route) endpoint.path = given.route->value;
  return endpoint;
}

Module module_of(const manifest::Module& given) {
  Module module{.type = given.type.value,
                .key = given.key.value,
                .endpoint = given.endpoint()->key.value,
                .events = {},
                .interval = given.interval ? given.interval->value : std::string()};
  for (const auto& event : given.events) module.events.push_back(event.value);
  return module;
}

}  // namespace

Result<App> app_of(const manifest::Manifest& manifest) {
  if (!manifest.readable()) {
    return Error(Errc::invalid_argument, "the file is no manifest; tongs manifest check says where and why");
  }
  const auto& declared = manifest.app().id;
  auto id = AppId::parse(declared.value);
  if (!id || !declared.value.starts_with("ari:")) {
    const std::string where = declared.at ? "line " + std::to_string(declared.at.line) + ": " : std::string();
    return Error(Errc::invalid_argument,
                 where +
                     "app.id must be ari:cloud:ecosystem::app/<uuid>; forge register writes one, and for the "
                     "emulator any uuid will do");
  }
  App app{.id = *std::move(id), .name = manifest.app().name};
  app.manifest = manifest;
  for (const auto& remote : manifest.remotes()) app.remotes.push_back(remote_of(remote));
  for (const auto& endpoint : manifest.endpoints()) {
    if (endpoint.remote) app.endpoints.push_back(endpoint_of(endpoint));
  }
  for (const auto& module : manifest.modules()) {
    if (module.endpoint() != nullptr) app.modules.push_back(module_of(module));
  }
  for (const auto& scope : manifest.permissions().scopes) {
    app.scopes.push_back({scope.name.value, scope.allow_impersonation});
  }
  return app;
}

Result<App> app_of(std::string_view yaml) {
  return app_of(manifest::Manifest::parse(yaml, {.variable = process::environment_variable}));
}

}  // namespace tongs::emulator
