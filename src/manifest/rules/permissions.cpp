#include <algorithm>
#include <array>
#include <string>

#include "manifest/egress_url.hpp"
#include "manifest/rules/known_scopes.hpp"
#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

using yaml::Node;

constexpr std::size_t kLongestEntry = 1000;
constexpr std::string_view kEverywhere = "*";
constexpr std::array<std::string_view, 4> kEntryProperties{"address", "category", "inScopeEUD", "remote"};
constexpr std::array<std::string_view, 3> kAddressProperties{"address", "category", "inScopeEUD"};
constexpr std::array<std::string_view, 1> kScopeProperties{"allowImpersonation"};
constexpr std::array<std::string_view, 2> kLists{"backend", "client"};
constexpr std::array<std::string_view, 5> kSections{"scopes", "external", "content", "enforcement",
                                                    "sandbox"};
constexpr std::array<std::string_view, 9> kEgressKinds{
    "fetch", "configurable", "navigation", "styles", "frames", "fonts", "images", "media", "scripts"};
constexpr std::array<std::string_view, 1> kConfigurableProperties{"enabled"};

/// Calls `look(list, entry)` for each entry of `permissions.external.fetch.backend` and `.client`.
template <class Look>
void for_each_node(const Manifest& manifest, Look look) {
  const Node fetch = root_of(manifest)["permissions"]["external"]["fetch"];
  for (const auto list : kLists) {
    for (const Node entry : fetch[list].items()) look(list, entry);
  }
}

template <class Look>
void for_each_entry(const Manifest& manifest, Look look) {
  for (const FetchEntry& entry : manifest.permissions().fetch_backend) look(entry);
  for (const FetchEntry& entry : manifest.permissions().fetch_client) look(entry);
}

void check_configurable(Node configurable, Report& report) {
  if (!is_map(configurable, "'configurable' is a map with 'enabled'", report)) return;
  report_unknown_properties(configurable, kConfigurableProperties, "'configurable'", report);
  if (!configurable["enabled"])
    report.add(configurable, "'configurable' has no 'enabled': add 'enabled: true' or 'enabled: false'");
  is_truth_value(configurable["enabled"], "enabled", report);
}

void permissions_have_sections(const Manifest& manifest, Report& report) {
  const Node permissions = root_of(manifest)["permissions"];
  is_map(permissions, "'permissions' is a map with 'scopes' and 'external'", report);
  report_unknown_properties(permissions, kSections, "'permissions'", report);
  const Node external = permissions["external"];
  is_map(external, "'external' is a map with 'fetch' and other kinds of egress", report);
  report_unknown_properties(external, kEgressKinds, "'external'", report);
  check_configurable(external["configurable"], report);
}

void fetch_has_two_lists(const Manifest& manifest, Report& report) {
  const Node fetch = root_of(manifest)["permissions"]["external"]["fetch"];
  is_map(fetch, "'fetch' is a map with 'backend' and 'client'", report);
  report_unknown_properties(fetch, kLists, "'fetch'", report);
  for (const auto name : kLists) is_list(fetch[name], quoted(name) + " is a list", report);
}

void scopes_are_known(const Manifest& manifest, Report& report) {
  for (const Scope& scope : manifest.permissions().scopes) {
    const std::string& name = scope.name.value;
    if (is_known_scope(name) || uses_unset_variable(manifest, scope.name.at)) continue;
    report.add(scope.name.at, "Forge knows no scope " + quoted(name) +
                                  report.hint(name, known_scopes(), ": correct its name, or remove it"));
  }
}

void scopes_are_text(const Manifest& manifest, Report& report) {
  const Node scopes = root_of(manifest)["permissions"]["scopes"];
  if (!scopes) return;
  if (!scopes.is_sequence() && !scopes.is_mapping()) {
    report.add(scopes, "'scopes' is a list of scopes, or a map from scope to settings" + instead_of(scopes));
  }
  for (const Node scope : scopes.items()) {
    if (!scope.is_string()) report.add(scope, "a scope is text" + instead_of(scope));
  }
  for (const auto [name, settings] : scopes.entries()) {
    if (!settings.is_mapping()) {
      report.add(settings,
                 "the settings of a scope are a map, '{}' if there are none" + instead_of(settings));
    }
    report_unknown_properties(settings, kScopeProperties, "a scope", report);
    const Node impersonation = settings["allowImpersonation"];
    if (impersonation && !impersonation.boolean()) {
      report.add(impersonation, "'allowImpersonation' is true or false" + instead_of(impersonation));
    }
  }
}

void check_text(Node owner, std::string_view name, Report& report) {
  const Node text = owner[name];
  if (!text.is_string()) {
    report.add(text, quoted(name) + " is text" + instead_of(text));
  } else if (length_of(text.text()) > kLongestEntry) {
    report.add(text, quoted(name) + " has more than 1000 characters");
  }
}

void check_address_entry(Node entry, Report& report) {
  check_text(entry, "address", report);
  const Node category = entry["category"];
  if (category && category.text() != "analytics") {
    report.add(category, "the only category is 'analytics': use it, or remove 'category'");
  }
  const Node in_scope = entry["inScopeEUD"];
  if (in_scope && !in_scope.boolean()) {
    report.add(in_scope, "'inScopeEUD' is true or false" + instead_of(in_scope));
  }
}

void check_map_entry(Node entry, Report& report) {
  report_unknown_properties(entry, kEntryProperties, "a fetch permission", report);
  if (!entry["remote"] && !entry["address"]) {
    report.add(entry, "this permission has neither 'address' nor 'remote': add one of them");
  }
  if (entry["address"]) check_address_entry(entry, report);
  if (!entry["remote"]) return;
  check_text(entry, "remote", report);
  for (const std::string_view other : {"address", "category", "inScopeEUD"}) {
    if (!entry[other]) continue;
    report.add(entry.key(other), quoted(other) + " cannot stand beside 'remote': it belongs to an address");
  }
}

/// An entry of a kind of egress that knows no remotes.
void check_plain_entry(Node entry, std::string_view kind, Report& report) {
  if (entry.is_mapping()) {
    report_unknown_properties(entry, kAddressProperties, "an entry of " + quoted(kind), report);
    if (!entry["address"]) {
      report.add(entry, "this permission has no 'address': add it; remotes are named in 'fetch' only");
    } else {
      check_address_entry(entry, report);
    }
  } else if (!entry.is_string()) {
    report.add(entry, "an entry of " + quoted(kind) + " is an address" + instead_of(entry));
  } else if (length_of(entry.text()) > kLongestEntry) {
    report.add(entry, "an address has at most 1000 characters");
  }
}

void other_egress_names_addresses(const Manifest& manifest, Report& report) {
  const Node external = root_of(manifest)["permissions"]["external"];
  for (const auto kind : kEgressKinds) {
    if (kind == "fetch" || kind == "configurable") continue;
    is_list(external[kind], quoted(kind) + " is a list of addresses", report);
    for (const Node entry : external[kind].items()) check_plain_entry(entry, kind, report);
  }
}

void entry_has_one_form(const Manifest& manifest, Report& report) {
  for_each_node(manifest, [&](std::string_view, Node entry) {
    if (entry.is_mapping()) {
      check_map_entry(entry, report);
    } else if (!entry.is_string()) {
      report.add(entry, "a fetch permission is an address or 'remote: …'" + instead_of(entry));
    } else if (length_of(entry.text()) > kLongestEntry) {
      report.add(entry, "an address has at most 1000 characters");
    }
  });
}

void address_is_valid(const Manifest& manifest, Report& report) {
  for_each_entry(manifest, [&](const FetchEntry& entry) {
    if (!entry.address) return;
    const auto& text = entry.address->value;
    if (text == kEverywhere || is_egress_address(text)) return;
    if (uses_unset_variable(manifest, entry.address->at)) return;
    const bool is_remote = !text.empty() && manifest.find_remote(text) != nullptr;
    report.add(
        entry.address->at,
        quoted(text) + (is_remote ? " is the key of a remote, which stands here as 'remote: " + text + "'"
                                  : " is no address that Forge allows: write a host name or an https URL"));
  });
}

/// What Forge makes of a remote here: of two with one key the last counts, and of a map of regions `default`.
const Remote* remote_for_egress(const Manifest& manifest, std::string_view key) {
  const auto& remotes = manifest.remotes();
  const auto last = std::find_if(remotes.rbegin(), remotes.rend(), [&](const Remote& remote) {
    return remote.key.value == key && (remote.base_url || remote.configurable);
  });
  return last == remotes.rend() ? nullptr : &*last;
}

/// An admin will set it, or a variable that has no value here.
bool has_no_address_yet(const Manifest& manifest, const Remote& remote) {
  if (!remote.base_url) return true;
  const RegionUrl* url = remote.base_url->find("default");
  if (url == nullptr) return false;
  return (url->url.empty() && remote.configurable) || uses_unset_variable(manifest, url->url_at);
}

void remote_is_valid(const Manifest& manifest, Report& report) {
  for_each_entry(manifest, [&](const FetchEntry& entry) {
    if (!entry.remote) return;
    const auto& key = entry.remote->value;
    const Remote* remote = remote_for_egress(manifest, key);
    if (remote == nullptr) {
      report.add(entry.remote->at, "no remote with an address has the key " + quoted(key) +
                                       report.hint_key(key, manifest.remotes(), ": declare it in 'remotes'"));
      return;
    }
    if (has_no_address_yet(manifest, *remote)) return;
    const RegionUrl* url = remote->base_url->find("default");
    if (url != nullptr && url->url != kEverywhere && is_egress_address(url->url)) return;
    report.add(entry.remote->at, "the baseUrl of the remote " + quoted(key) +
                                     " is no address that Forge allows: write an https URL there");
  });
}

void address_is_specific(const Manifest& manifest, Report& report) {
  for_each_entry(manifest, [&](const FetchEntry& entry) {
    if (!entry.address || entry.address->value != kEverywhere) return;
    report.add(entry.address->at, "'*' lets the app send data anywhere: list the addresses that it needs");
  });
}

void backend_address_has_no_path(const Manifest& manifest, Report& report) {
  for (const FetchEntry& entry : manifest.permissions().fetch_backend) {
    if (!entry.address || !is_egress_address(entry.address->value) || !has_path(entry.address->value))
      continue;
    report.add(entry.address->at, "Forge ignores the path of " + quoted(entry.address->value) +
                                      " in the back end and allows the whole host: remove the path");
  }
}

void entries_are_maps(const Manifest& manifest, Report& report) {
  std::string_view reported;
  for_each_node(manifest, [&](std::string_view list, Node entry) {
    if (!entry.is_string() || reported == list) return;
    reported = list;
    report.add(entry,
               "a plain address is the old form: write 'address: …', or 'remote: …' for the key of a remote");
  });
}

constexpr std::array kEntries = {
    Entry{forge_error("permissions-shape", kDocument,
                      "`permissions` is a map of `scopes`, `external`, `content`, `enforcement` and "
                      "`sandbox`; `external` is a "
                      "map of the kinds of egress and of `configurable` with `enabled`.",
                      "Correct the spelling, or move the property to where it belongs.", R"(
permissions:
  fetch:
    backend:
      - address: https://api.example.com
)",
                      R"(
permissions:
  external:
    fetch:
      backend:
        - address: https://api.example.com
)"),
          permissions_have_sections},
    Entry{forge_error("scope-unknown", kPermissions, "A scope is one that Forge knows.",
                      "Correct its name; upper and lower case count.", R"(
permissions:
  scopes:
    - read:jira-works
)",
                      R"(
permissions:
  scopes:
    - read:jira-work
)"),
          scopes_are_known},
    Entry{forge_error("scopes-shape", kDocument,
                      "`permissions.scopes` is a list of text, or a map in which each scope may have "
                      "`allowImpersonation`, true or false.",
                      "Start each scope with `- `.", R"(
permissions:
  scopes: read:jira-work
)",
                      R"(
permissions:
  scopes:
    - read:jira-work
)"),
          scopes_are_text},
    Entry{
        forge_error(
            "fetch-shape", kDocument,
            "`permissions.external.fetch` is a map with the lists `backend` and `client`, and nothing else.",
            "Put the addresses into one of the two lists.", R"(
permissions:
  external:
    fetch:
      - https://api.example.com
)",
            R"(
permissions:
  external:
    fetch:
      backend:
        - address: https://api.example.com
)"),
        fetch_has_two_lists},
    Entry{
        forge_error(
            "fetch-entry-shape", kDocument,
            "An entry of `fetch.backend` or `fetch.client` is an address, a map with `address` (and perhaps "
            "`category: analytics` and `inScopeEUD`), or a map with `remote` alone.",
            "Use one of the three forms.", R"(
permissions:
  external:
    fetch:
      backend:
        - remote: backend
          inScopeEUD: false
remotes:
  - key: backend
    baseUrl: https://api.example.com
)",
            R"(
permissions:
  external:
    fetch:
      backend:
        - remote: backend
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
        entry_has_one_form},
    Entry{forge_error("egress-entry-shape", kDocument,
                      "An entry of a kind of egress other than `fetch` is an address, or a map with "
                      "`address` and perhaps "
                      "`category: analytics` and `inScopeEUD`.",
                      "Write an address; a remote can be named in `fetch` only.", R"(
permissions:
  external:
    frames:
      - remote: backend
)",
                      R"(
permissions:
  external:
    frames:
      - address: https://www.example.com
)"),
          other_egress_names_addresses},
    Entry{forge_error("fetch-address-invalid", kPermissions,
                      "An address is a host name or an https URL; `*.` may stand before the host.",
                      "Correct the address. A remote is named with `remote: …`, not with its key alone.", R"(
permissions:
  external:
    fetch:
      backend:
        - backend
remotes:
  - key: backend
    baseUrl: https://api.example.com
)",
                      R"(
permissions:
  external:
    fetch:
      backend:
        - remote: backend
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          address_is_valid},
    Entry{forge_error("fetch-remote-invalid", kPermissions,
                      "`remote` of a permission is the key of an entry of `remotes` whose URL Forge allows.",
                      "Correct the name, declare the remote, or give it an https URL.", R"(
permissions:
  external:
    fetch:
      backend:
        - remote: bakend
remotes:
  - key: backend
    baseUrl: https://api.example.com
)",
                      R"(
permissions:
  external:
    fetch:
      backend:
        - remote: backend
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          remote_is_valid},
    Entry{forge_warning("fetch-everywhere", kPermissions, "A permission names the places to which data goes.",
                        "Replace `*` by the addresses that the app needs.", R"(
permissions:
  external:
    fetch:
      client:
        - address: '*'
)",
                        R"(
permissions:
  external:
    fetch:
      client:
        - address: https://api.example.com
)"),
          address_is_specific},
    Entry{forge_warning("fetch-backend-path", kPermissions, "An address of `fetch.backend` has no path.",
                        "Remove the path: Forge ignores it and allows the whole host.", R"(
permissions:
  external:
    fetch:
      backend:
        - address: https://api.example.com/v1
)",
                        R"(
permissions:
  external:
    fetch:
      backend:
        - address: https://api.example.com
)"),
          backend_address_has_no_path},
    Entry{forge_warning("fetch-plain-address", kPermissions,
                        "An entry of `fetch.backend` or `fetch.client` is written as a map.",
                        "Write `address: …` instead of the address alone.", R"(
permissions:
  external:
    fetch:
      backend:
        - https://api.example.com
)",
                        R"(
permissions:
  external:
    fetch:
      backend:
        - address: https://api.example.com
)"),
          entries_are_maps},
};

}  // namespace

std::span<const Entry> permissions() { return kEntries; }

}  // namespace tongs::manifest::rules
