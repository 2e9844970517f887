#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

using yaml::Node;

/// Calls `look(provider)` for each entry of `providers.auth` that is a map.
template <class Look>
void for_each_provider(const Manifest& manifest, Look look) {
  for (const Node provider : root_of(manifest)["providers"]["auth"].items()) {
    if (provider.is_mapping()) look(provider);
  }
}

/// Calls `look(node)` for whatever names a remote: the list `remotes`, then `remote` of each action.
template <class Look>
void for_each_reference(Node provider, Look look) {
  for (const Node remote : provider["remotes"].items()) look(remote);
  for (const auto [name, action] : provider["actions"].entries()) look(action["remote"]);
}

constexpr std::array<std::string_view, 10> kProperties{
    "key", "name", "type", "integration", "bearerMethod", "clientId", "pkce", "scopes", "remotes", "actions"};
constexpr std::string_view kIsKey = "this is the key of a remote";

void check_reference(Node remote, Report& report) {
  if (is_text(remote, kIsKey, report) && !is_key(remote.text())) {
    report.add(remote, quoted(remote.text()) +
                           " cannot be the key of a remote: keys have letters, digits, '-' and '_'");
  }
}

void providers_name_remotes(const Manifest& manifest, Report& report) {
  const Node providers = root_of(manifest)["providers"];
  is_map(providers, "'providers' is a map with 'auth'", report);
  is_list(providers["auth"], "'auth' is a list of providers", report);
  for_each_provider(manifest, [&](Node provider) {
    report_unknown_properties(provider, kProperties, "a provider", report);
    const Node remotes = provider["remotes"];
    is_list(remotes, "'remotes' is a list of keys of remotes", report);
    if (!remotes && !provider["actions"]) {
      report.add(provider, "this provider names no 'remotes': list the keys of those that get its tokens");
    }
    for_each_reference(provider, [&](Node remote) { check_reference(remote, report); });
    for (const auto [name, action] : provider["actions"].entries()) {
      if (action.is_mapping() && !action["remote"])
        report.add(name, "the action " + quoted(name.text()) + " names no 'remote': add it");
    }
  });
}

/// Calls `look(key, remote)` for each reference that is text, with null if there is no such remote.
template <class Look>
void for_each_named_remote(const Manifest& manifest, Look look) {
  for_each_provider(manifest, [&](Node provider) {
    for_each_reference(provider, [&](Node key) {
      if (key.is_string() && !key.text().empty()) look(key, manifest.find_remote(key.text()));
    });
  });
}

void provider_remote_exists(const Manifest& manifest, Report& report) {
  for_each_named_remote(manifest, [&](Node key, const Remote* remote) {
    if (remote != nullptr) return;
    report.add(key, "no remote has the key " + quoted(key.text()) +
                        report.hint_key(key.text(), manifest.remotes(), ": declare it in 'remotes'"));
  });
}

/// By its key, or by an address that is its URL letter for letter.
bool allows(const FetchEntry& entry, const Remote& remote) {
  if (entry.remote) return entry.remote->value == remote.key.value;
  const bool one_url = remote.base_url && !remote.base_url->regional;
  return entry.address && one_url && entry.address->value == remote.base_url->urls.front().url;
}

void provider_remote_is_allowed(const Manifest& manifest, Report& report) {
  const auto& backend = manifest.permissions().fetch_backend;
  for_each_provider(manifest, [&](Node provider) {
    for (const Node key : provider["remotes"].items()) {
      const Remote* remote = key.is_string() ? manifest.find_remote(key.text()) : nullptr;
      if (remote == nullptr || std::any_of(backend.begin(), backend.end(),
                                           [&](const FetchEntry& entry) { return allows(entry, *remote); }))
        continue;
      report.add(key, "the app may not fetch from the remote " + quoted(key.text()) + ": add '- remote: " +
                          std::string(key.text()) + "' to 'permissions.external.fetch.backend'");
    }
  });
}

void provider_remote_is_fixed(const Manifest& manifest, Report& report) {
  for_each_named_remote(manifest, [&](Node key, const Remote* remote) {
    if (remote == nullptr || !remote->configurable) return;
    report.add(key, "an admin chooses the address of the remote " + quoted(key.text()) +
                        ", which cannot be so for a provider: remove 'configurable', or name another remote");
  });
}

void provider_remote_is_the_same_everywhere(const Manifest& manifest, Report& report) {
  for_each_named_remote(manifest, [&](Node key, const Remote* remote) {
    if (remote == nullptr || !remote->base_url || remote->base_url->urls.size() == 1) return;
    report.add(key, "the remote " + quoted(key.text()) +
                        " has a URL for each region, which a provider cannot have: give it one URL");
  });
}

// The examples differ in one line each, and a rule shows all of it.
constexpr std::array kEntries = {
    Entry{
        forge_error(
            "provider-shape", kDocument,
            "A provider of `providers.auth` lists keys of `remotes`; each of its `actions` names a `remote`.",
            "Name the remotes by their keys.", R"(
providers:
  auth:
    - key: google
      remotes: google-apis
)",
            R"(
providers:
  auth:
    - key: google
      remotes:
        - google-apis
)"),
        providers_name_remotes},
    Entry{forge_error("provider-remote-undefined", kProvider,
                      "What a provider calls is the key of an entry of the top-level `remotes`.",
                      "Correct the name, or declare the remote.", R"(
providers:
  auth:
    - key: google
      remotes:
        - google-api
remotes:
  - key: google-apis
    baseUrl: https://www.googleapis.com
)",
                      R"(
providers:
  auth:
    - key: google
      remotes:
        - google-apis
remotes:
  - key: google-apis
    baseUrl: https://www.googleapis.com
)"),
          provider_remote_exists},
    Entry{forge_error("provider-egress", kProvider,
                      "Each of the `remotes` of a provider stands in `permissions.external.fetch.backend`, "
                      "by its key or "
                      "with its `baseUrl` letter for letter.",
                      "Add `- remote: …` to `fetch.backend`.", R"(
providers:
  auth:
    - key: google
      remotes:
        - google-apis
permissions:
  external:
    fetch:
      backend:
        - address: https://www.googleapis.com/
remotes:
  - key: google-apis
    baseUrl: https://www.googleapis.com
)",
                      R"(
providers:
  auth:
    - key: google
      remotes:
        - google-apis
permissions:
  external:
    fetch:
      backend:
        - remote: google-apis
remotes:
  - key: google-apis
    baseUrl: https://www.googleapis.com
)"),
          provider_remote_is_allowed},
    Entry{forge_error("provider-remote-configurable", kProvider,
                      "The remote of a provider has an address that no admin chooses.",
                      "Remove `configurable` from the remote, or name another one.", R"(
providers:
  auth:
    - key: own
      actions:
        authorization:
          remote: accounts
remotes:
  - key: accounts
    configurable:
      name: Accounts
      description: Where your users log in
)",
                      R"(
providers:
  auth:
    - key: own
      actions:
        authorization:
          remote: accounts
remotes:
  - key: accounts
    baseUrl: https://accounts.example.com
)"),
          provider_remote_is_fixed},
    Entry{forge_error("provider-remote-regions", kProvider,
                      "The remote of a provider has one URL for all regions.",
                      "Give the remote one URL, or name another one.", R"(
providers:
  auth:
    - key: own
      actions:
        authorization:
          remote: accounts
remotes:
  - key: accounts
    baseUrl:
      default: https://accounts.example.com
      EU: https://eu.accounts.example.com
)",
                      R"(
providers:
  auth:
    - key: own
      actions:
        authorization:
          remote: accounts
remotes:
  - key: accounts
    baseUrl: https://accounts.example.com
)"),
          provider_remote_is_the_same_everywhere},
};

}  // namespace

std::span<const Entry> providers() { return kEntries; }

}  // namespace tongs::manifest::rules
