#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

using yaml::Node;

constexpr std::size_t kLongestReference = 255;
constexpr std::size_t kLongestService = 25;

template <class Look>
void for_each_endpoint(const Manifest& manifest, Look look) {
  for (const Node endpoint : root_of(manifest)["modules"]["endpoint"].items()) {
    if (endpoint.is_mapping()) look(endpoint);
  }
}

bool names_a_remote(Node remote) {
  return remote.is_string() && is_key(remote.text()) && remote.text().size() <= kLongestReference;
}

/// `[a-z]([a-z0-9-]{0,23}[a-z0-9])?`
bool names_a_service(Node service) {
  const auto text = service.text();
  if (!service.is_string() || text.empty() || text.size() > kLongestService || text.back() == '-')
    return false;
  return text.front() >= 'a' && text.front() <= 'z' && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

void endpoints_is_a_list(const Manifest& manifest, Report& report) {
  const Node endpoints = root_of(manifest)["modules"]["endpoint"];
  if (!endpoints) return;
  if (!endpoints.is_sequence()) {
    report.add(endpoints, "'endpoint' is a list of endpoints" + instead_of(endpoints) +
                              ": start each one with '- key: …', or remove 'endpoint'");
  } else if (endpoints.size() == 0) {
    report.add(endpoints, "'endpoint' is empty: add an endpoint, or remove 'endpoint'");
  }
  for (const Node endpoint : endpoints.items()) {
    if (!endpoint.is_mapping()) {
      report.add(endpoint, "an endpoint is a map with 'key' and 'remote'" + instead_of(endpoint));
    }
  }
}

void endpoint_has_a_key(const Manifest& manifest, Report& report) {
  for_each_endpoint(manifest, [&](Node endpoint) {
    const Node key = endpoint["key"];
    if (!key) {
      report.add(endpoint, "this endpoint has no 'key': add one, modules refer to it");
    } else if (!key.is_string()) {
      report.add(key, "the key of an endpoint is text" + instead_of(key));
    } else if (!is_key(key.text())) {
      report.add(key,
                 "the key " + quoted(key.text()) + " has characters other than letters, digits, '-' and '_'");
    }
  });
}

void endpoint_has_one_target(const Manifest& manifest, Report& report) {
  for_each_endpoint(manifest, [&](Node endpoint) {
    const Node remote = endpoint["remote"];
    const Node service = endpoint["service"];
    if (!remote && !service) {
      report.add(endpoint, "this endpoint names no 'remote': add the key of an entry of 'remotes'");
    } else if (names_a_remote(remote) && names_a_service(service)) {
      report.add(service, "this endpoint names a remote and a service: keep one of them");
    }
  });
}

void remote_reference_is_a_key(const Manifest& manifest, Report& report) {
  for_each_endpoint(manifest, [&](Node endpoint) {
    const Node remote = endpoint["remote"];
    if (!remote || names_a_remote(remote) || names_a_service(endpoint["service"])) return;
    report.add(remote, remote.is_string()
                           ? quoted(remote.text()) +
                                 " cannot be the key of a remote: keys have letters, digits, '-' "
                                 "and '_'"
                           : "'remote' is the key of a remote" + instead_of(remote));
  });
}

void service_reference_is_a_key(const Manifest& manifest, Report& report) {
  for_each_endpoint(manifest, [&](Node endpoint) {
    const Node service = endpoint["service"];
    if (!service || names_a_service(service) || names_a_remote(endpoint["remote"])) return;
    report.add(service, service.is_string() ? quoted(service.text()) +
                                                  " cannot be the key of a service: keys have up to 25 small "
                                                  "letters, digits and '-', and start with a letter"
                                            : "'service' is the key of a service" + instead_of(service));
  });
}

void route_has_a_path(const Manifest& manifest, Report& report) {
  for_each_endpoint(manifest, [&](Node endpoint) {
    const Node route = endpoint["route"];
    if (!route) return;
    if (!route.is_mapping()) {
      report.add(route,
                 "'route' is a map with 'path'" + instead_of(route) +
                     (route.is_string() ? ": write 'path: " + std::string("…' on a line below it") : ""));
    } else if (!route["path"]) {
      report.add(route, "'route' has no 'path': add 'path: /…'");
    } else if (!route["path"].is_string()) {
      report.add(route["path"], "'path' is text" + instead_of(route["path"]));
    }
  });
}

void auth_says_enabled(const Manifest& manifest, Report& report) {
  for_each_endpoint(manifest, [&](Node endpoint) {
    const Node auth = endpoint["auth"];
    if (auth && !auth.is_mapping()) {
      report.add(auth, "'auth' is a map with 'appSystemToken' and 'appUserToken'" + instead_of(auth));
    }
    for (const std::string_view name : {"appSystemToken", "appUserToken"}) {
      const Node token = auth[name];
      const Node enabled = token["enabled"];
      if (!token || enabled.boolean()) continue;
      report.add(enabled ? enabled : token,
                 quoted(name) + " has 'enabled', true or false" + instead_of(enabled ? enabled : token));
    }
  });
}

void unlicensed_access_is_absent(const Manifest& manifest, Report& report) {
  for_each_endpoint(manifest, [&](Node endpoint) {
    if (!endpoint["unlicensedAccess"]) return;
    report.add(endpoint.key("unlicensedAccess"), "an endpoint has no 'unlicensedAccess': remove it");
  });
}

void remote_exists(const Manifest& manifest, Report& report) {
  for_each_endpoint(manifest, [&](Node endpoint) {
    const Node remote = endpoint["remote"];
    if (!remote || !remote.is_string()) return;
    if (!remote.text().empty() && manifest.find_remote(remote.text()) != nullptr) return;
    report.add(remote, "no remote has the key " + quoted(remote.text()) +
                           report.hint_key(remote.text(), manifest.remotes(),
                                           ": declare it in 'remotes', or use the key of one that is there"));
  });
}

void service_exists(const Manifest& manifest, Report& report) {
  for_each_endpoint(manifest, [&](Node endpoint) {
    const Node service = endpoint["service"];
    if (endpoint["remote"] || !service.is_string() || service.text().empty()) return;
    if (manifest.find_service(service.text()) != nullptr) return;
    report.add(service,
               "no service has the key " + quoted(service.text()) +
                   report.hint_key(service.text(), manifest.services(),
                                   ": declare it in 'services', or use the key of one that is there"));
  });
}

void module_keys_are_unique(const Manifest& manifest, Report& report) {
  std::unordered_map<std::string_view, Position> seen;
  for (const std::string_view group : {"modules", "connectModules"}) {
    for (const auto [type, list] : root_of(manifest)[group].entries()) {
      for (const Node module : list.items()) {
        const Node key = module["key"];
        if (!key.is_string()) continue;
        const auto [first, is_new] = seen.emplace(key.text(), key.at());
        if (is_new) continue;
        report.add(key, "the key " + quoted(key.text()) + " is that of another module already, at line " +
                            std::to_string(first->second.line) +
                            ": functions, endpoints and all other modules share one set of keys");
      }
    }
  }
}

void something_calls_the_backend(const Manifest& manifest, Report& report) {
  const Node modules = root_of(manifest)["modules"];
  if (!modules.is_mapping()) return;
  for (const auto [type, list] : modules.entries()) {
    if (type.text() != "function" && type.text() != "endpoint") return;
  }
  report.add(
      root_of(manifest).key("modules"),
      "'modules' has nothing but functions and endpoints, so nothing ever calls them: add a module such as a "
      "trigger or a page");
}

constexpr std::array kEntries = {
    Entry{forge_error("endpoint-list", kDocument, "`modules.endpoint` is a list of at least one map.",
                      "Start each endpoint with `- key: …`. Remove `endpoint` if there is none.", R"(
modules:
  endpoint: []
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
          endpoints_is_a_list},
    Entry{forge_error("endpoint-key", kDocument, "An endpoint has a `key` of letters, digits, `-` and `_`.",
                      "Add a key, or take the other characters out of it.", R"(
modules:
  endpoint:
    - key: my endpoint
      remote: backend
)",
                      R"(
modules:
  endpoint:
    - key: my-endpoint
      remote: backend
)"),
          endpoint_has_a_key},
    Entry{forge_error("endpoint-target", kDocument, "An endpoint names a `remote` or a `service`, not both.",
                      "Name the remote that Forge shall call.", R"(
modules:
  endpoint:
    - key: api
)",
                      R"(
modules:
  endpoint:
    - key: api
      remote: backend
)"),
          endpoint_has_one_target},
    Entry{forge_error("endpoint-remote-shape", kDocument,
                      "`remote` of an endpoint is text of 1 to 255 letters, digits, `-` and `_`.",
                      "Use the key of an entry of `remotes`.", R"(
modules:
  endpoint:
    - key: api
      remote: https://api.example.com
)",
                      R"(
modules:
  endpoint:
    - key: api
      remote: backend
)"),
          remote_reference_is_a_key},
    Entry{forge_error(
              "endpoint-service-shape", kDocument,
              "`service` of an endpoint is text of 1 to 25 small letters, digits and `-` that starts with a "
              "letter and does not end with `-`.",
              "Use the key of an entry of `services`.", R"(
modules:
  endpoint:
    - key: api
      service: My_Service
)",
              R"(
modules:
  endpoint:
    - key: api
      service: my-service
)"),
          service_reference_is_a_key},
    Entry{forge_error("endpoint-route-shape", kDocument,
                      "`route` of an endpoint is a map with the text `path`.",
                      "Write `path: /…` on a line below `route:`.", R"(
modules:
  endpoint:
    - key: api
      remote: backend
      route: /events
)",
                      R"(
modules:
  endpoint:
    - key: api
      remote: backend
      route:
        path: /events
)"),
          route_has_a_path},
    Entry{forge_error("endpoint-auth-shape", kDocument,
                      "`auth` of an endpoint is a map; each of its tokens has `enabled`, true or false.",
                      "Write `enabled: true` or `enabled: false` below the token, without quotes.", R"(
modules:
  endpoint:
    - key: api
      remote: backend
      auth:
        appSystemToken: true
)",
                      R"(
modules:
  endpoint:
    - key: api
      remote: backend
      auth:
        appSystemToken:
          enabled: true
)"),
          auth_says_enabled},
    Entry{forge_error("endpoint-unlicensed-access", kDocument, "An endpoint has no `unlicensedAccess`.",
                      "Remove it.",
                      R"(
modules:
  endpoint:
    - key: api
      remote: backend
      unlicensedAccess: true
)",
                      R"(
modules:
  endpoint:
    - key: api
      remote: backend
)"),
          unlicensed_access_is_absent},
    Entry{forge_error("endpoint-remote-undefined", kModule,
                      "`remote` of an endpoint is the key of an entry of "
                      "`remotes`, letter for letter.",
                      "Correct the name, or declare the remote.", R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
modules:
  endpoint:
    - key: api
      remote: bakend
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
          remote_exists},
    Entry{forge_error("endpoint-service-undefined", kModule,
                      "`service` of an endpoint is the key of an entry of "
                      "`services`.",
                      "Correct the name, or declare the service.", R"(
modules:
  endpoint:
    - key: api
      service: web
)",
                      R"(
services:
  - key: web
modules:
  endpoint:
    - key: api
      service: web
)"),
          service_exists},
    Entry{forge_error("module-key-duplicate", kModule,
                      "A key is used once among all modules, functions and endpoints "
                      "included.",
                      "Give each module its own key.", R"(
modules:
  endpoint:
    - key: api
      remote: backend
  function:
    - key: api
      handler: index.run
)",
                      R"(
modules:
  endpoint:
    - key: api
      remote: backend
  function:
    - key: run
      handler: index.run
)"),
          module_keys_are_unique},
    Entry{forge_error("modules-without-caller", kModule, "`modules` has more than functions and endpoints.",
                      "Add a module that calls them, such as a trigger or a page.", R"(
modules:
  endpoint:
    - key: api
      remote: backend
)",
                      R"(
modules:
  endpoint:
    - key: api
      remote: backend
  webtrigger:
    - key: hook
      endpoint: api
)"),
          something_calls_the_backend},
};

}  // namespace

std::span<const Entry> endpoints() { return kEntries; }

}  // namespace tongs::manifest::rules
