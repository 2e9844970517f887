#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

constexpr std::string_view kUserTokenScope = "read:app-user-token";
constexpr std::string_view kSystemTokenScope = "read:app-system-token";

std::string named(const Remote& remote) {
  return remote.key.value.empty() ? "this remote" : "the remote " + quoted(remote.key.value);
}

void storage_is_explained(const Manifest& manifest, Report& report) {
  for (const Remote& remote : manifest.remotes()) {
    if (!remote.operations || remote.storage) continue;
    const auto& listed = remote.operations->listed;
    const auto storing = std::find_if(listed.begin(), listed.end(),
                                      [](const auto& item) { return item.value == Operation::storage; });
    if (storing == listed.end()) continue;
    report.add(storing->at, named(remote) +
                                " stores data but does not say which: add 'storage' with 'inScopeEUD: "
                                "true', or 'false' if none of it is in-scope End-User Data");
  }
}

void remote_has_an_address(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](yaml::Node remote) {
    if (remote["baseUrl"] || remote["configurable"]) return;
    report.add(remote, "this remote has neither 'baseUrl' nor 'configurable': add 'baseUrl: https://…'");
  });
}

std::set<std::string_view> regions_of(const Remote& remote) {
  std::set<std::string_view> regions;
  for (const auto& url : remote.base_url->urls) regions.insert(url.region.value);
  return regions;
}

/// Every remote has to be in every region in which one of them is. One that is the same everywhere is
/// excused, as long as it stores no in-scope End-User Data.
void regions_agree(const Manifest& manifest, Report& report) {
  std::set<std::string_view> all;
  for (const Remote& remote : manifest.remotes()) {
    if (remote.base_url) all.merge(regions_of(remote));
  }
  for (const Remote& remote : manifest.remotes()) {
    if (!remote.base_url) continue;
    const auto regions = regions_of(remote);
    const auto& in_scope = remote.storage ? remote.storage->in_scope_eud : std::nullopt;
    if (regions == all || (regions.size() == 1 && !(in_scope && in_scope->value))) continue;
    std::vector<std::string_view> missing;
    std::set_difference(all.begin(), all.end(), regions.begin(), regions.end(), std::back_inserter(missing));
    report.add(remote.base_url->at, named(remote) + " has no URL for " + either(missing) +
                                        ", where another remote has one: add it");
  }
}

/// Where a token is enabled for the first time, in remotes and then in endpoints.
const Located<bool>* first_enabled(const Manifest& manifest, std::optional<Located<bool>> Auth::* token) {
  const auto enabled = [&](const Auth& auth) { return auth.*token && (auth.*token)->value; };
  for (const Remote& remote : manifest.remotes()) {
    if (enabled(remote.auth)) return &*(remote.auth.*token);
  }
  for (const Endpoint& endpoint : manifest.endpoints()) {
    if (enabled(endpoint.auth)) return &*(endpoint.auth.*token);
  }
  return nullptr;
}

void tokens_have_a_product_scope(const Manifest& manifest, Report& report) {
  const auto* user = first_enabled(manifest, &Auth::app_user_token);
  const auto* system = first_enabled(manifest, &Auth::app_system_token);
  if (user == nullptr && system == nullptr) return;
  const auto& permissions = manifest.permissions();
  const bool has_other =
      std::any_of(permissions.scopes.begin(), permissions.scopes.end(), [](const Scope& scope) {
        return scope.name.value != kUserTokenScope && scope.name.value != kSystemTokenScope;
      });
  if (has_other) return;
  const Position at = permissions.scopes_at ? permissions.scopes_at : (user != nullptr ? user : system)->at;
  report.add(at,
             "a token is enabled, but no scope that it could be used for is listed: add one such as "
             "'read:jira-work' to 'permissions.scopes', or disable the token");
}

void module_remote_explains_storage(const Manifest& manifest, Report& report) {
  for (const yaml::Node remote : root_of(manifest)["modules"]["remote"].items()) {
    for (const yaml::Node operation : remote["operations"].items()) {
      if (operation.text() != "storage" || remote["storage"]["inScopeEUD"].boolean() == true) continue;
      report.add(operation,
                 "a remote under 'modules' that stores data needs 'storage' with 'inScopeEUD: true': add "
                 "it, or declare the remote in the top-level 'remotes'");
    }
  }
}

void keys_are_unique(const Manifest& manifest, Report& report) {
  const auto& remotes = manifest.remotes();
  for (std::size_t i = 0; i < remotes.size(); ++i) {
    const auto& key = remotes[i].key;
    const Remote* first = manifest.find_remote(key.value);
    if (key.value.empty() || first == &remotes[i]) continue;
    report.add(key.at, "the key " + quoted(key.value) + " is that of another remote already, at line " +
                           std::to_string(first->key.at.line) + ": give each remote its own");
  }
}

void report_missing_scope(const Manifest& manifest, std::optional<Located<bool>> Auth::* token,
                          std::string_view name, std::string_view scope, Report& report) {
  const auto* enabled = first_enabled(manifest, token);
  if (enabled == nullptr || manifest.permissions().find_scope(scope) != nullptr) return;
  report.add(enabled->at, quoted(name) + " is enabled without the scope " + quoted(scope) +
                              ": add it to 'permissions.scopes'");
}

void user_token_has_its_scope(const Manifest& manifest, Report& report) {
  report_missing_scope(manifest, &Auth::app_user_token, "appUserToken", kUserTokenScope, report);
}

void system_token_has_its_scope(const Manifest& manifest, Report& report) {
  report_missing_scope(manifest, &Auth::app_system_token, "appSystemToken", kSystemTokenScope, report);
}

constexpr std::array kEntries = {
    Entry{forge_error(
              "remote-storage-in-scope", kAppConfig,
              "A remote with the operation `storage` says `storage.inScopeEUD`.",
              "Add `storage` with `inScopeEUD: true`, or `false` if none of the stored data is in-scope "
              "End-User Data.",
              R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations:
      - storage
)",
              R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations:
      - storage
    storage:
      inScopeEUD: false
)"),
          storage_is_explained},
    Entry{forge_error("remote-base-url-missing", kAppConfig, "A remote has `baseUrl` or `configurable`.",
                      "Add the URL of the remote.", R"(
remotes:
  - key: backend
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          remote_has_an_address},
    Entry{
        forge_error(
            "remote-regions-differ", kAppConfig,
            "All remotes have URLs for the same regions. A remote with a single URL that stores no in-scope "
            "End-User Data is excused.",
            "Add the missing regions.", R"(
remotes:
  - key: backend
    baseUrl:
      default: https://api.example.com
      EU: https://eu.example.com
  - key: files
    baseUrl:
      default: https://files.example.com
      US: https://us.files.example.com
)",
            R"(
remotes:
  - key: backend
    baseUrl:
      default: https://api.example.com
      EU: https://eu.example.com
  - key: files
    baseUrl:
      default: https://files.example.com
      EU: https://eu.files.example.com
)"),
        regions_agree},
    Entry{forge_error(
              "remote-auth-scopes", kAppConfig,
              "An app whose remotes or endpoints get a token lists a scope besides `read:app-user-token` and "
              "`read:app-system-token`.",
              "List the scopes that the token shall have, or disable it.", R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    auth:
      appSystemToken:
        enabled: true
permissions:
  scopes:
    - read:app-system-token
)",
              R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    auth:
      appSystemToken:
        enabled: true
permissions:
  scopes:
    - read:app-system-token
    - read:jira-work
)"),
          tokens_have_a_product_scope},
    Entry{forge_error("module-remote-in-scope", kModule,
                      "A `modules.remote` with the operation `storage` says `storage.inScopeEUD: true`.",
                      "Declare the remote in the top-level `remotes`, where `false` is allowed too.", R"(
modules:
  remote:
    - key: backend
      baseUrl: https://api.example.com
      operations:
        - storage
)",
                      R"(
modules:
  remote:
    - key: backend
      baseUrl: https://api.example.com
      operations:
        - storage
      storage:
        inScopeEUD: true
)"),
          module_remote_explains_storage},
    Entry{reference_error(
              "remote-key-duplicate", "The `key` of a remote is unique within `remotes`.",
              "Give each remote its own key: endpoints and permissions take different ones of two.", R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
  - key: backend
    baseUrl: https://files.example.com
)",
              R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
  - key: files
    baseUrl: https://files.example.com
)"),
          keys_are_unique},
    Entry{reference_error("user-token-scope", "`appUserToken` needs the scope `read:app-user-token`.",
                          "Add the scope to `permissions.scopes`.", R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    auth:
      appUserToken:
        enabled: true
permissions:
  scopes:
    - read:jira-work
)",
                          R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    auth:
      appUserToken:
        enabled: true
permissions:
  scopes:
    - read:jira-work
    - read:app-user-token
)"),
          user_token_has_its_scope},
    Entry{reference_error("system-token-scope", "`appSystemToken` needs the scope `read:app-system-token`.",
                          "Add the scope to `permissions.scopes`.", R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    auth:
      appSystemToken:
        enabled: true
permissions:
  scopes:
    - read:jira-work
)",
                          R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    auth:
      appSystemToken:
        enabled: true
permissions:
  scopes:
    - read:jira-work
    - read:app-system-token
)"),
          system_token_has_its_scope},
};

}  // namespace

std::span<const Entry> remotes_semantics() { return kEntries; }

}  // namespace tongs::manifest::rules
