#include <algorithm>
#include <array>
#include <string>

#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

/// `[a-zA-Z0-9._-]+`, 1 to 255 of them.
bool can_be_a_module_key(std::string_view text) {
  return !text.empty() && text.size() <= 255 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_key({&c, 1}) || c == '.'; });
}

/// The official tool follows `endpoint` and `<property>.endpoint`, no further and through no list.
bool is_followed_by_forge(const Reference& reference) { return reference.depth <= 2 && !reference.in_list; }

void report_undefined(const Manifest& manifest, const Reference& reference, Report& report) {
  const auto& key = reference.key.value;
  report.add(reference.key.at,
             "no endpoint has the key " + quoted(key) +
                 report.hint_key(key, manifest.endpoints(),
                                 ": declare it in 'modules.endpoint', or use the key of one that is there"));
}

template <class Look>
void for_each_undefined_endpoint(const Manifest& manifest, Look look) {
  for (const Module& module : manifest.modules()) {
    if (module.type.value == "function") continue;
    for (const Reference& reference : module.references) {
      const bool names_one =
          reference.to == Reference::To::endpoint && can_be_a_module_key(reference.key.value);
      if (names_one && manifest.find_endpoint(reference.key.value) == nullptr) look(reference);
    }
  }
}

void reference_is_a_key(const Manifest& manifest, Report& report) {
  const auto look = [&](yaml::Node owner) {
    const yaml::Node endpoint = owner["endpoint"];
    if (!endpoint || (endpoint.is_string() && can_be_a_module_key(endpoint.text()))) return;
    report.add(endpoint, endpoint.is_string()
                             ? quoted(endpoint.text()) + " cannot be the key of an endpoint"
                             : "'endpoint' is the key of an endpoint" + instead_of(endpoint));
  };
  for (const auto [type, list] : root_of(manifest)["modules"].entries()) {
    if (type.text() == "function" || type.text() == "endpoint") continue;
    for (const yaml::Node module : list.items()) {
      look(module);
      look(module["resolver"]);
    }
  }
}

void endpoint_exists(const Manifest& manifest, Report& report) {
  for_each_undefined_endpoint(manifest, [&](const Reference& reference) {
    if (is_followed_by_forge(reference)) report_undefined(manifest, reference, report);
  });
}

void nested_endpoint_exists(const Manifest& manifest, Report& report) {
  for_each_undefined_endpoint(manifest, [&](const Reference& reference) {
    if (!is_followed_by_forge(reference)) report_undefined(manifest, reference, report);
  });
}

/// Calls `look(trigger, endpoint)` for each `trigger` whose own `endpoint` is declared.
template <class Look>
void for_each_trigger(const Manifest& manifest, Look look) {
  for (const Module& module : manifest.modules()) {
    if (module.type.value != "trigger") continue;
    for (const Reference& reference : module.references) {
      if (reference.property != "endpoint") continue;
      if (const Endpoint* endpoint = manifest.find_endpoint(reference.key.value)) look(module, *endpoint);
    }
  }
}

void trigger_has_no_user(const Manifest& manifest, Report& report) {
  for_each_trigger(manifest, [&](const Module& trigger, const Endpoint& endpoint) {
    if (!endpoint.auth.user_enabled()) return;
    report.add(endpoint.auth.app_user_token->at, "the trigger " + quoted(trigger.key.value) +
                                                     " calls the endpoint " + quoted(endpoint.key.value) +
                                                     ", and no user takes part in an event: set 'enabled' to "
                                                     "false, or give the trigger an endpoint of "
                                                     "its own");
  });
}

void trigger_has_a_route(const Manifest& manifest, Report& report) {
  for_each_trigger(manifest, [&](const Module& trigger, const Endpoint& endpoint) {
    if (endpoint.route) return;
    report.add(endpoint.key.at, "the trigger " + quoted(trigger.key.value) + " calls the endpoint " +
                                    quoted(endpoint.key.value) +
                                    ", which has no 'route': add it, with 'path: /…'");
  });
}

constexpr std::array kEntries = {
    Entry{forge_error(
              "endpoint-reference-shape", kDocument,
              "`endpoint` of a module or of its `resolver` is text of 1 to 255 letters, digits, `-`, `_` and "
              "`.`.",
              "Name the key of an entry of `modules.endpoint`.", R"(
modules:
  webtrigger:
    - key: hook
      endpoint: /hook
)",
              R"(
modules:
  webtrigger:
    - key: hook
      endpoint: hook-api
  endpoint:
    - key: hook-api
      remote: backend
)"),
          reference_is_a_key},
    Entry{forge_error(
              "endpoint-undefined", kModule,
              "`endpoint` of a module, or of one of its properties, is the key of a `modules.endpoint`.",
              "Correct the name, or declare the endpoint.", R"(
modules:
  webtrigger:
    - key: hook
      endpoint: ap
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
          endpoint_exists},
    Entry{advice("nested-endpoint-undefined",
                 "`endpoint` deep inside a module is the key of a `modules.endpoint`; Forge finds out at run "
                 "time.",
                 "Correct the name, or declare the endpoint.", R"(
modules:
  dashboards:widget:
    - key: widget
      aiContext:
        data:
          endpoint: missing
)",
                 R"(
modules:
  dashboards:widget:
    - key: widget
      aiContext:
        data:
          endpoint: api
  endpoint:
    - key: api
      remote: backend
)"),
          nested_endpoint_exists},
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
          trigger_has_no_user},
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
          trigger_has_a_route},
};

}  // namespace

std::span<const Entry> references() { return kEntries; }

}  // namespace tongs::manifest::rules
