#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <unordered_map>

#include "manifest/egress_url.hpp"
#include "manifest/rules/rule.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

void base_url_is_https(const Manifest& manifest, Report& report) {
  for (const Remote& remote : manifest.remotes()) {
    if (!remote.base_url) continue;
    for (const RegionUrl& url : remote.base_url->urls) {
      if (url.url.empty() || is_https(url.url) || uses_unset_variable(manifest, url.url_at)) continue;
      report.add(url.url_at, quoted(url.url) +
                                 " is no https URL: Forge sends tokens there, so start it with "
                                 "'https://'");
    }
  }
}

/// Keys of remotes that anything in the manifest names: whatever stands under a property `remote` or
/// `remotes`.
class NamedRemotes {
 public:
  explicit NamedRemotes(yaml::Node root) {
    for (const auto [key, value] : root.entries()) {
      if (key.text() != "remotes") visit(value);
    }
  }
  bool has(std::string_view key) const { return keys_.contains(key); }

 private:
  void visit(yaml::Node node) {
    for (const auto item : node.items()) visit(item);
    for (const auto [key, value] : node.entries()) {
      if (key.text() == "remote") keys_.insert(value.text());
      if (key.text() == "remotes") {
        for (const auto item : value.items()) keys_.insert(item.text());
      }
      visit(value);
    }
  }

  std::set<std::string_view> keys_;
};

void remote_is_used(const Manifest& manifest, Report& report) {
  const NamedRemotes named(root_of(manifest));
  for (const Remote& remote : manifest.remotes()) {
    if (remote.key.value.empty() || named.has(remote.key.value)) continue;
    report.add(remote.key.at, "nothing in the manifest refers to the remote " + quoted(remote.key.value) +
                                  ": remove it, unless code of the app calls it by its key");
  }
}

void storage_goes_with_the_operation(const Manifest& manifest, Report& report) {
  for (const Remote& remote : manifest.remotes()) {
    if (!remote.storage || (remote.operations && remote.operations->has(Operation::storage))) continue;
    if (remote.operations && !remote.operations->legible) continue;
    report.add(remote.storage->at,
               "'storage' without the operation 'storage' has no effect: add the operation, or "
               "remove 'storage'");
  }
}

bool gets_system_token(const Manifest& manifest, const Endpoint& endpoint) {
  if (endpoint.auth.system_enabled()) return true;
  const Remote* remote = endpoint.remote ? manifest.find_remote(endpoint.remote->value) : nullptr;
  return remote != nullptr && remote->auth.system_enabled();
}

bool refreshes_system_token(const Manifest& manifest, const Module& module) {
  if (module.type.value != "scheduledTrigger" || !module.interval) return false;
  if (module.interval->value != "hour" && module.interval->value != "fiveMinute") return false;
  const Reference* reference = module.endpoint();
  const Endpoint* endpoint = reference == nullptr ? nullptr : manifest.find_endpoint(reference->key.value);
  return endpoint != nullptr && gets_system_token(manifest, *endpoint);
}

void system_token_stays_fresh(const Manifest& manifest, Report& report) {
  const auto& endpoints = manifest.endpoints();
  const auto first = std::find_if(endpoints.begin(), endpoints.end(), [&](const Endpoint& endpoint) {
    return gets_system_token(manifest, endpoint);
  });
  if (first == endpoints.end()) return;
  const auto& modules = manifest.modules();
  if (std::any_of(modules.begin(), modules.end(),
                  [&](const Module& module) { return refreshes_system_token(manifest, module); })) {
    return;
  }
  report.add(first->key.at,
             "nothing brings the remote a fresh system token, which ends after two to four hours: add a "
             "scheduledTrigger with 'interval: hour' that calls this endpoint");
}

/// Types of modules that Forge calls while no user is there.
constexpr std::array<std::string_view, 4> kWithoutUser{"scheduledTrigger", "webtrigger", "consumer",
                                                       "preUninstall"};

/// Who calls an endpoint.
struct Callers {
  const Module* without_user = nullptr;
  bool with_user = false;
};

std::unordered_map<std::string_view, Callers> callers_of_endpoints(const Manifest& manifest) {
  std::unordered_map<std::string_view, Callers> callers;
  for (const Module& module : manifest.modules()) {
    const bool without =
        std::find(kWithoutUser.begin(), kWithoutUser.end(), module.type.value) != kWithoutUser.end();
    for (const Reference& reference : module.references) {
      if (reference.to != Reference::To::endpoint) continue;
      Callers& known = callers[reference.key.value];
      if (without) {
        known.without_user = &module;
      } else {
        known.with_user = true;
      }
    }
  }
  return callers;
}

void user_token_meets_a_user(const Manifest& manifest, Report& report) {
  const auto callers = callers_of_endpoints(manifest);
  for (const Endpoint& endpoint : manifest.endpoints()) {
    const auto known = callers.find(endpoint.key.value);
    if (!endpoint.auth.user_enabled() || known == callers.end()) continue;
    if (known->second.with_user || known->second.without_user == nullptr) continue;
    report.add(endpoint.auth.app_user_token->at,
               "no user takes part in a " + quoted(known->second.without_user->type.value) +
                   ", so this endpoint never gets the token: set 'enabled' to false");
  }
}

void endpoint_is_used(const Manifest& manifest, Report& report) {
  const auto callers = callers_of_endpoints(manifest);
  for (const Endpoint& endpoint : manifest.endpoints()) {
    if (endpoint.key.value.empty() || callers.contains(endpoint.key.value)) continue;
    report.add(endpoint.key.at, "no module calls the endpoint " + quoted(endpoint.key.value) +
                                    ": name it in a module, or remove it");
  }
}

void token_scope_is_used(const Manifest& manifest, Report& report) {
  const auto enabled = [&](std::optional<Located<bool>> Auth::* token) {
    const auto says_so = [&](const auto& item) { return item.auth.*token && (item.auth.*token)->value; };
    return std::any_of(manifest.remotes().begin(), manifest.remotes().end(), says_so) ||
           std::any_of(manifest.endpoints().begin(), manifest.endpoints().end(), says_so);
  };
  const auto look = [&](std::string_view scope, std::string_view name, auto token) {
    const Scope* listed = manifest.permissions().find_scope(scope);
    if (listed == nullptr || enabled(token)) return;
    report.add(listed->name.at, "the scope " + quoted(scope) + " is listed, but " + quoted(name) +
                                    " is enabled nowhere: enable it, or remove the scope");
  };
  look("read:app-user-token", "appUserToken", &Auth::app_user_token);
  look("read:app-system-token", "appSystemToken", &Auth::app_system_token);
}

void comment_names_a_rule(const Manifest& manifest, Report& report) {
  std::vector<std::string_view> ids;
  for (const auto& [word, at, line] : manifest.content().ignored_rules) {
    if (names_rules(word)) continue;
    if (ids.empty()) {
      for (const Rule* rule : all_rules()) ids.push_back(rule->id);
    }
    report.add(at,
               "no rule is called " + quoted(word) +
                   report.hint(word, ids, ", so nothing is ignored: see 'tongs manifest explain --list'"));
  }
}

constexpr std::array kEntries = {
    Entry{advice("ignore-comment", "A comment `# tongs-ignore` names rules that there are.",
                 "Correct the name of the rule, or remove the comment.", R"(
remotes: [] # tongs-ignore remote-unusd
)",
                 R"(
remotes: [] # tongs-ignore remote-unused
)"),
          comment_names_a_rule},
    Entry{advice("remote-url-insecure", "`baseUrl` is an https URL.",
                 "Start it with `https://`: invocations carry tokens.", R"(
remotes:
  - key: backend
    baseUrl: http://api.example.com
)",
                 R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          base_url_is_https},
    Entry{advice("remote-unused", "Something refers to each remote.",
                 "Remove the remote, unless code of the app calls it by its key: each remote counts for data "
                 "residency.",
                 R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)",
                 R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
modules:
  endpoint:
    - key: api
      remote: backend
)"),
          remote_is_used},
    Entry{advice("remote-storage-without-operation", "`storage` goes with the operation `storage`.",
                 "Add the operation, or remove `storage`.", R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations:
      - compute
    storage:
      inScopeEUD: false
)",
                 R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations:
      - compute
      - storage
    storage:
      inScopeEUD: false
)"),
          storage_goes_with_the_operation},
    Entry{advice("system-token-stale",
                 "A `scheduledTrigger` brings the remote a fresh system token at least every hour.",
                 "Add one with `interval: hour` that calls an endpoint with `appSystemToken`.", R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
modules:
  webtrigger:
    - key: hook
      endpoint: api
  endpoint:
    - key: api
      remote: backend
      auth:
        appSystemToken:
          enabled: true
)",
                 R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
modules:
  scheduledTrigger:
    - key: refresh
      interval: hour
      endpoint: api
  endpoint:
    - key: api
      remote: backend
      auth:
        appSystemToken:
          enabled: true
)"),
          system_token_stays_fresh},
    Entry{
        advice("user-token-without-user", "An endpoint with `appUserToken` is called while a user is there.",
               "Set `enabled` to false: schedules, web triggers and queues have no user.", R"(
modules:
  scheduledTrigger:
    - key: nightly
      interval: day
      endpoint: api
  endpoint:
    - key: api
      remote: backend
      auth:
        appUserToken:
          enabled: true
)",
               R"(
modules:
  scheduledTrigger:
    - key: nightly
      interval: day
      endpoint: api
  endpoint:
    - key: api
      remote: backend
      auth:
        appUserToken:
          enabled: false
)"),
        user_token_meets_a_user},
    Entry{advice("endpoint-unused", "A module calls each endpoint.",
                 "Name the endpoint in a module, or remove it.", R"(
modules:
  endpoint:
    - key: api
      remote: backend
)",
                 R"(
modules:
  webtrigger:
    - key: hook
      endpoint: api
  endpoint:
    - key: api
      remote: backend
)"),
          endpoint_is_used},
    Entry{advice("token-scope-unused",
                 "`read:app-user-token` and `read:app-system-token` go with an enabled token.",
                 "Enable the token on a remote or an endpoint, or remove the scope.", R"(
permissions:
  scopes:
    - read:jira-work
    - read:app-user-token
)",
                 R"(
permissions:
  scopes:
    - read:jira-work
)"),
          token_scope_is_used},
};

}  // namespace

std::span<const Entry> advices() { return kEntries; }

}  // namespace tongs::manifest::rules
