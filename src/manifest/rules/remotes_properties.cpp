#include <array>
#include <string>

#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

using yaml::Node;

constexpr std::array<std::string_view, 4> kOperations{"storage", "compute", "fetch", "other"};
constexpr std::array<std::string_view, 2> kTokens{"appSystemToken", "appUserToken"};
constexpr std::array<std::string_view, 1> kTokenProperties{"enabled"};
constexpr std::array<std::string_view, 1> kStorageProperties{"inScopeEUD"};
constexpr std::array<std::string_view, 3> kConfigurableProperties{"name", "description", "supportedPatterns"};

void operations_is_a_list_of_text(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    const Node operations = remote["operations"];
    if (operations && !operations.is_sequence()) {
      report.add(operations,
                 "'operations' is a list" + instead_of(operations) + ": start each one with '- '");
    }
    for (const Node operation : operations.items()) {
      if (!operation.is_string()) report.add(operation, "an operation is text" + instead_of(operation));
    }
  });
}

void operations_is_not_empty(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    const Node operations = remote["operations"];
    if (!operations.is_sequence() || operations.size() > 0) return;
    report.add(operations, "'operations' is empty: list " + either(kOperations) +
                               ", or remove it (then Forge assumes that the remote stores End-User Data)");
  });
}

void operations_are_known(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    for (const Node operation : remote["operations"].items()) {
      if (!operation.is_string() || contains(kOperations, operation.text())) continue;
      report.add(operation, "unknown operation " + quoted(operation.text()) +
                                report.hint(operation.text(), kOperations, ": use " + either(kOperations)));
    }
  });
}

void auth_is_a_map_of_tokens(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    const Node auth = remote["auth"];
    if (auth && !auth.is_mapping()) {
      report.add(auth, "'auth' is a map with 'appSystemToken' and 'appUserToken'" + instead_of(auth));
    }
    report_unknown_properties(auth, kTokens, "'auth'", report);
  });
}

void check_token(Node token, std::string_view name, Report& report) {
  if (!token) return;
  const std::string what = quoted(name);
  if (!token.is_mapping()) {
    report.add(token, what + " is a map with 'enabled'" + instead_of(token));
    return;
  }
  report_unknown_properties(token, kTokenProperties, what, report);
  const Node enabled = token["enabled"];
  if (!enabled) {
    report.add(token, what + " has no 'enabled': add 'enabled: true' or 'enabled: false'");
  } else if (!enabled.boolean()) {
    report.add(enabled, "'enabled' is true or false" + instead_of(enabled));
  }
}

void tokens_say_enabled(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    for (const auto name : kTokens) check_token(remote["auth"][name], name, report);
  });
}

void storage_says_in_scope_eud(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    const Node storage = remote["storage"];
    if (!storage) return;
    if (!storage.is_mapping()) {
      report.add(storage, "'storage' is a map with 'inScopeEUD'" + instead_of(storage));
      return;
    }
    report_unknown_properties(storage, kStorageProperties, "'storage'", report);
    const Node in_scope = storage["inScopeEUD"];
    if (!in_scope) {
      report.add(storage,
                 "'storage' has no 'inScopeEUD': add true if the remote stores in-scope End-User Data, "
                 "else false");
    } else if (!in_scope.boolean()) {
      report.add(in_scope, "'inScopeEUD' is true or false" + instead_of(in_scope) +
                               (in_scope.is_string() ? " (YAML 1.2 knows no yes, no, on or off)" : ""));
    }
  });
}

void check_patterns(Node patterns, Report& report) {
  if (!patterns) return;
  if (!patterns.is_sequence() || patterns.size() == 0) {
    report.add(patterns, "'supportedPatterns' is a list of at least one domain" +
                             (patterns.is_sequence() ? ", this one is empty" : instead_of(patterns)));
  }
  for (const Node pattern : patterns.items()) {
    if (!pattern.is_string()) report.add(pattern, "a supported pattern is text" + instead_of(pattern));
  }
}

void configurable_is_complete(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    const Node configurable = remote["configurable"];
    if (!configurable) return;
    if (!configurable.is_mapping()) {
      report.add(configurable,
                 "'configurable' is a map with 'name' and 'description'" + instead_of(configurable));
      return;
    }
    report_unknown_properties(configurable, kConfigurableProperties, "'configurable'", report);
    for (const std::string_view name : {"name", "description"}) {
      const Node text = configurable[name];
      if (text.is_string()) continue;
      report.add(text ? text : configurable,
                 text ? quoted(name) + " is text" + instead_of(text)
                      : "'configurable' has no " + quoted(name) + ": add it, admins see it");
    }
    check_patterns(configurable["supportedPatterns"], report);
  });
}

constexpr std::array kEntries = {
    Entry{forge_error("remote-operations-list", kDocument, "`operations` is a list of text.",
                      "Start each operation with `- `.",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations: compute
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations:
      - compute
)"),
          operations_is_a_list_of_text},
    Entry{forge_error(
              "remote-operations-empty", kDocument, "`operations` has at least one entry.",
              "List what the remote does. Without `operations` Forge assumes that it stores End-User Data.",
              R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations: []
)",
              R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations:
      - compute
)"),
          operations_is_not_empty},
    Entry{forge_error("remote-operation-unknown", kDocument,
                      "An operation is `storage`, `compute`, `fetch` or `other`.",
                      "Use one of the four words, in lower case.",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations:
      - Compute
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations:
      - compute
)"),
          operations_are_known},
    Entry{
        forge_error("remote-auth-shape", kDocument,
                    "`auth` of a remote is a map with `appSystemToken` and `appUserToken`, and nothing else.",
                    "Name the tokens that the remote shall get.",
                    R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    auth:
      appToken:
        enabled: true
)",
                    R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    auth:
      appSystemToken:
        enabled: true
)"),
        auth_is_a_map_of_tokens},
    Entry{forge_error("remote-auth-token", kDocument,
                      "A token of a remote has `enabled`, true or false, and nothing else.",
                      "Write `enabled: true` or `enabled: false` below the token, without quotes.",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    auth:
      appSystemToken: true
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    auth:
      appSystemToken:
        enabled: true
)"),
          tokens_say_enabled},
    Entry{
        forge_error(
            "remote-storage-shape", kDocument,
            "`storage` is a map with `inScopeEUD`, true or false, and nothing else.",
            "Write `inScopeEUD: true` or `inScopeEUD: false` below `storage`. YAML 1.2 reads `yes` and `no` "
            "as text.",
            R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations:
      - storage
    storage:
      inScopeEUD: no
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
        storage_says_in_scope_eud},
    Entry{forge_error("remote-configurable-shape", kDocument,
                      "`configurable` is a map with `name`, `description` and perhaps `supportedPatterns` (a "
                      "list of at "
                      "least one "
                      "domain), and nothing else.",
                      "Add what is missing: admins see the name and the description.",
                      R"(
remotes:
  - key: backend
    configurable:
      name: Backend
)",
                      R"(
remotes:
  - key: backend
    configurable:
      name: Backend
      description: Your own server
)"),
          configurable_is_complete},
};

}  // namespace

std::span<const Entry> remotes_properties() { return kEntries; }

}  // namespace tongs::manifest::rules
