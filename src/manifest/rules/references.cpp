#include <array>
#include <string>

#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

/// The official tool follows `endpoint` and `<property>.endpoint`, no further and through no list.
bool is_followed_by_forge(const Reference& reference) { return reference.depth <= 2 && !reference.in_list; }

/// Which the rules of agents follow.
constexpr std::string_view kAgentEndpoint = "protocols.agent2Agent.jsonRpcTransport.endpoint";

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
      if (reference.to != Reference::To::endpoint || reference.key.value.empty()) continue;
      if (manifest.find_endpoint(reference.key.value) == nullptr) look(reference);
    }
  }
}

void reference_is_a_key(const Manifest& manifest, Report& report) {
  const auto look = [&](yaml::Node endpoint) {
    if (!is_something(endpoint) || names_a_key(endpoint, true)) return;
    report.add(endpoint, endpoint.is_string()
                             ? quoted(endpoint.text()) + " cannot be the key of an endpoint"
                             : "'endpoint' is the key of an endpoint" + instead_of(endpoint));
  };
  for (const auto [type, list] : root_of(manifest)["modules"].entries()) {
    if (type.text() == "function" || type.text() == "endpoint") continue;
    for (const yaml::Node module : list.items()) {
      look(module["endpoint"]);
      for (const auto [name, property] : module.entries()) look(property["endpoint"]);
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
    if (!is_followed_by_forge(reference) && reference.property != kAgentEndpoint)
      report_undefined(manifest, reference, report);
  });
}

constexpr std::array kEntries = {
    Entry{forge_error("endpoint-reference-shape", kDocument,
                      "`endpoint` of a module or of one of its properties is text of 1 to 255 letters, "
                      "digits, `-`, `_` "
                      "and `.`.",
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
};

}  // namespace

std::span<const Entry> references() { return kEntries; }

}  // namespace tongs::manifest::rules
