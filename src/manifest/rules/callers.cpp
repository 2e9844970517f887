#include <algorithm>
#include <array>
#include <string>

#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

using yaml::Node;

constexpr std::string_view kTrigger = "trigger";
constexpr std::string_view kMergeCheck = "bitbucket:mergeCheck";
constexpr std::string_view kAgent = "rovo:agentConnector";
constexpr std::string_view kMigration = "migration:dataResidency";
constexpr std::size_t kLongestPath = 500;

/// Calls `look(caller, endpoint)` for each module of that type whose own `endpoint` is declared.
template <class Look>
void for_each_call(const Manifest& manifest, std::string_view type, Look look) {
  for (const Module& module : manifest.modules()) {
    if (module.type.value != type) continue;
    for (const Reference& reference : module.references) {
      if (reference.property != "endpoint") continue;
      if (const Endpoint* endpoint = manifest.find_endpoint(reference.key.value)) look(module, *endpoint);
    }
  }
}

std::string call_of(const Module& caller, const Endpoint& endpoint) {
  return "the " + caller.type.value + " " + quoted(caller.key.value) + " calls the endpoint " +
         quoted(endpoint.key.value);
}

template <const std::string_view& type>
void caller_has_no_user(const Manifest& manifest, Report& report) {
  for_each_call(manifest, type, [&](const Module& caller, const Endpoint& endpoint) {
    if (!endpoint.auth.user_enabled()) return;
    report.add(
        endpoint.auth.app_user_token->at,
        call_of(caller, endpoint) +
            ", and no user takes part in that: set 'enabled' to false, or give it an endpoint of its own");
  });
}

template <const std::string_view& type>
void caller_has_a_route(const Manifest& manifest, Report& report) {
  for_each_call(manifest, type, [&](const Module& caller, const Endpoint& endpoint) {
    if (endpoint.route) return;
    report.add(endpoint.key.at,
               call_of(caller, endpoint) + ", which has no 'route': add it, with 'path: /…'");
  });
}

void agent_calls_a_remote(const Manifest& manifest, Report& report) {
  for (const Module& module : manifest.modules()) {
    if (module.type.value != kAgent) continue;
    for (const Reference& reference : module.references) {
      if (reference.property != "protocols.agent2Agent.jsonRpcTransport.endpoint") continue;
      const Endpoint* endpoint = manifest.find_endpoint(reference.key.value);
      if (endpoint == nullptr) {
        report.add(reference.key.at, "no endpoint has the key " + quoted(reference.key.value) +
                                         report.hint_key(reference.key.value, manifest.endpoints(),
                                                         ": declare it in 'modules.endpoint'"));
      } else if (!endpoint->remote || endpoint->remote->value.empty()) {
        report.add(reference.key.at,
                   "the endpoint " + quoted(reference.key.value) +
                       " is no remote, and agents talk to remotes only: give it a 'remote'");
      }
    }
  }
}

/// Calls `look(module)` for each entry of `modules.migration:dataResidency` that is a map.
template <class Look>
void for_each_migration(const Manifest& manifest, Look look) {
  for (const Node module : root_of(manifest)["modules"][kMigration].items()) {
    if (module.is_mapping()) look(module);
  }
}

void migration_is_complete(const Manifest& manifest, Report& report) {
  constexpr std::array<std::string_view, 4> known{"key", "remote", "path", "maxMigrationDurationHours"};
  const Node list = root_of(manifest)["modules"][kMigration];
  if (is_list(list, "'migration:dataResidency' is a list of one map", report) && list.size() == 0)
    report.add(list, "'migration:dataResidency' is empty: add a map, or remove it");
  for (const Node module : list.items())
    is_map(module, "'migration:dataResidency' is a list of one map", report);
  for_each_migration(manifest, [&](Node module) {
    report_unknown_properties(module, known, "a 'migration:dataResidency'", report);
    const Node remote = module["remote"];
    if (!remote)
      report.add(module, "this migration names no 'remote': add the key of the one that moves its data");
    if (is_text(remote, "'remote' is the key of a remote", report) && !names_a_key(remote))
      report.add(remote, quoted(remote.text()) + " cannot be the key of a remote");
    const Node path = module["path"];
    if (is_text(path, "'path' is text", report) &&
        (path.text().empty() || length_of(path.text()) > kLongestPath))
      report.add(path, "'path' has 1 to 500 characters");
  });
}

void migration_remote_exists(const Manifest& manifest, Report& report) {
  for_each_migration(manifest, [&](Node module) {
    const Node remote = module["remote"];
    if (!names_a_key(remote) || manifest.find_remote(remote.text()) != nullptr) return;
    report.add(remote, "no remote has the key " + quoted(remote.text()) +
                           report.hint_key(remote.text(), manifest.remotes(), ": declare it in 'remotes'"));
  });
}

void migration_is_one(const Manifest& manifest, Report& report) {
  bool first = true;
  for (const Node module : root_of(manifest)["modules"][kMigration].items()) {
    if (!first) report.add(module, "an app has one 'migration:dataResidency': remove this one");
    first = false;
  }
}

constexpr std::array kEntries = {
    Entry{forge_error("trigger-user-token", kModule,
                      "An endpoint that a `trigger` calls gets no `appUserToken`.",
                      "Set `appUserToken.enabled` to false, or give the trigger an endpoint of its own.", R"(
modules:
  trigger:
    - key: installed
      events:
        - avi:forge:installed:app
      endpoint: events
  endpoint:
    - key: events
      remote: backend
      route:
        path: /events
      auth:
        appUserToken:
          enabled: true
)",
                      R"(
modules:
  trigger:
    - key: installed
      events:
        - avi:forge:installed:app
      endpoint: events
  endpoint:
    - key: events
      remote: backend
      route:
        path: /events
      auth:
        appSystemToken:
          enabled: true
)"),
          caller_has_no_user<kTrigger>},
    Entry{forge_error("trigger-route", kModule, "An endpoint that a `trigger` calls has a `route`.",
                      "Add `route` with the path that takes the events.", R"(
modules:
  trigger:
    - key: installed
      events:
        - avi:forge:installed:app
      endpoint: events
  endpoint:
    - key: events
      remote: backend
)",
                      R"(
modules:
  trigger:
    - key: installed
      events:
        - avi:forge:installed:app
      endpoint: events
  endpoint:
    - key: events
      remote: backend
      route:
        path: /events
)"),
          caller_has_a_route<kTrigger>},
    Entry{forge_error("merge-check-user-token", kModule,
                      "An endpoint that a `bitbucket:mergeCheck` calls gets no `appUserToken`.",
                      "Set `appUserToken.enabled` to false, or give the check an endpoint of its own.", R"(
modules:
  bitbucket:mergeCheck:
    - key: check
      endpoint: checks
  endpoint:
    - key: checks
      remote: backend
      route:
        path: /checks
      auth:
        appUserToken:
          enabled: true
)",
                      R"(
modules:
  bitbucket:mergeCheck:
    - key: check
      endpoint: checks
  endpoint:
    - key: checks
      remote: backend
      route:
        path: /checks
      auth:
        appSystemToken:
          enabled: true
)"),
          caller_has_no_user<kMergeCheck>},
    Entry{forge_error("merge-check-route", kModule,
                      "An endpoint that a `bitbucket:mergeCheck` calls has a `route`.",
                      "Add `route` with the path that takes the checks.", R"(
modules:
  bitbucket:mergeCheck:
    - key: check
      endpoint: checks
  endpoint:
    - key: checks
      remote: backend
)",
                      R"(
modules:
  bitbucket:mergeCheck:
    - key: check
      endpoint: checks
  endpoint:
    - key: checks
      remote: backend
      route:
        path: /checks
)"),
          caller_has_a_route<kMergeCheck>},
    Entry{forge_error("agent-endpoint", kModule,
                      "`jsonRpcTransport.endpoint` of a `rovo:agentConnector` is the key of a "
                      "`modules.endpoint` that names a "
                      "`remote`.",
                      "Name an endpoint that leads to a remote.", R"(
modules:
  rovo:agentConnector:
    - key: connector
      protocols:
        agent2Agent:
          jsonRpcTransport:
            endpoint: contained
  endpoint:
    - key: contained
      service: worker
)",
                      R"(
modules:
  rovo:agentConnector:
    - key: connector
      protocols:
        agent2Agent:
          jsonRpcTransport:
            endpoint: a2a
  endpoint:
    - key: a2a
      remote: backend
)"),
          agent_calls_a_remote},
    Entry{forge_error("migration-shape", kDocument,
                      "A `migration:dataResidency` has `key`, `remote` and perhaps `path` and "
                      "`maxMigrationDurationHours`, and "
                      "nothing else.",
                      "Correct the spelling, or add what is missing.", R"(
modules:
  migration:dataResidency:
    - key: move
      remotes: backend
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
modules:
  migration:dataResidency:
    - key: move
      remote: backend
)"),
          migration_is_complete},
    Entry{forge_error("migration-remote-undefined", kModule,
                      "`remote` of a `migration:dataResidency` is the key of an entry of `remotes`.",
                      "Correct the name, or declare the remote.", R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
modules:
  migration:dataResidency:
    - key: move
      remote: bakend
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
modules:
  migration:dataResidency:
    - key: move
      remote: backend
)"),
          migration_remote_exists},
    Entry{forge_error("migration-several", kModule, "An app has at most one `migration:dataResidency`.",
                      "Remove all but one.", R"(
modules:
  migration:dataResidency:
    - key: move
      remote: backend
    - key: move-files
      remote: files
)",
                      R"(
modules:
  migration:dataResidency:
    - key: move
      remote: backend
)"),
          migration_is_one},
};

}  // namespace

std::span<const Entry> callers() { return kEntries; }

}  // namespace tongs::manifest::rules
