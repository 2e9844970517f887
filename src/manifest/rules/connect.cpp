#include <algorithm>
#include <array>
#include <string>

#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

using yaml::Node;

constexpr std::size_t kLongestConnectKey = 90;
constexpr std::array<std::string_view, 3> kConnectProperties{"key", "remote", "authentication"};

bool is_connect_key(std::string_view text) {
  return !text.empty() && text.size() <= kLongestConnectKey &&
         std::all_of(text.begin(), text.end(), [](const char& c) { return is_key({&c, 1}) || c == '.'; });
}

void check_key(Node connect, Report& report) {
  const Node key = connect["key"];
  if (!key) {
    report.add(connect, "'connect' has no 'key': add the key of the Connect app");
  } else if (is_text(key, "the key of a Connect app is text", report) && !is_connect_key(key.text())) {
    report.add(key, "the key of a Connect app has 1 to 90 letters, digits, '.', '-' and '_'");
  }
}

void check_remote(Node remote, Report& report) {
  if (!is_text(remote, "'remote' is the key of a remote", report)) return;
  if (is_key(remote.text()) && remote.text().size() <= kLongestRemoteKey) return;
  report.add(remote, quoted(remote.text()) + " cannot be the key of a remote");
}

void connect_is_complete(const Manifest& manifest, Report& report) {
  const Node root = root_of(manifest);
  is_map(root["connectModules"], "'connectModules' is a map from type to modules", report);
  const Node connect = root["app"]["connect"];
  if (!is_map(connect, "'connect' is a map with 'key' and 'remote'", report)) return;
  report_unknown_properties(connect, kConnectProperties, "'connect'", report);
  check_key(connect, report);
  check_remote(connect["remote"], report);
  const Node authentication = connect["authentication"];
  if (authentication && !(authentication.is_string() && authentication.text() == "jwt")) {
    report.add(authentication, "the only authentication is 'jwt': use it, or remove 'authentication'");
  }
}

Node connect_modules(const Manifest& manifest) { return root_of(manifest)["connectModules"]; }

void connect_modules_have_a_remote(const Manifest& manifest, Report& report) {
  if (!connect_modules(manifest).is_mapping()) return;
  const auto& connect = manifest.app().connect;
  if (connect && connect->remote && !connect->remote->value.empty()) return;
  report.add(connect ? connect->at : root_of(manifest).key("connectModules").at(),
             "Connect modules need the remote that serves them: add 'connect' with 'remote' to 'app'");
}

/// The key by which `app.connect` names its remote, if Connect modules need it.
const Located<std::string>* named_remote(const Manifest& manifest) {
  const auto& connect = manifest.app().connect;
  const bool needed = connect_modules(manifest).is_mapping() && connect && connect->remote;
  return needed && !connect->remote->value.empty() ? &*connect->remote : nullptr;
}

void connect_remote_exists(const Manifest& manifest, Report& report) {
  const auto* key = named_remote(manifest);
  if (key == nullptr || manifest.find_remote(key->value) != nullptr) return;
  report.add(key->at, "no remote has the key " + quoted(key->value) +
                          report.hint_key(key->value, manifest.remotes(), ": declare it in 'remotes'"));
}

void connect_remote_is_fixed(const Manifest& manifest, Report& report) {
  const auto* key = named_remote(manifest);
  if (key == nullptr) return;
  const auto& remotes = manifest.remotes();
  const bool configurable = std::any_of(remotes.begin(), remotes.end(), [&](const Remote& remote) {
    return remote.key.value == key->value && remote.configurable;
  });
  if (!configurable) return;
  report.add(key->at, "an admin chooses the address of the remote " + quoted(key->value) +
                          ", which cannot be so for Connect: remove 'configurable', or name another remote");
}

void authentication_has_modules(const Manifest& manifest, Report& report) {
  const Node authentication = root_of(manifest)["app"]["connect"]["authentication"];
  if (!authentication.is_string() || connect_modules(manifest)) return;
  report.add(authentication,
             "'authentication' is for Connect modules, and there are none: add "
             "'connectModules', or remove it");
}

void connect_app_states_its_remote(const Manifest& manifest, Report& report) {
  const auto& connect = manifest.app().connect;
  if (!connect || connect->key.value.empty() || connect->remote || manifest.remotes().empty()) return;
  report.add(connect->at,
             "'connect' names no 'remote', so an upgrade from Connect loses the region of its "
             "data: add the key of the remote");
}

constexpr std::array kEntries = {
    Entry{forge_error(
              "connect-shape", kDocument,
              "`app.connect` is a map with `key`, perhaps `remote` and `authentication: jwt`, and nothing "
              "else; `connectModules` is a map.",
              "Correct the spelling, or remove what does not belong there.", R"(
app:
  connect:
    key: com.example.app
    remotes: backend
)",
              R"(
app:
  connect:
    key: com.example.app
    remote: backend
)"),
          connect_is_complete},
    Entry{forge_error("connect-remote-missing", kAppConfig,
                      "An app with `connectModules` has `app.connect.remote`.",
                      "Name the remote that serves the Connect modules.", R"(
app:
  connect:
    key: com.example.app
connectModules:
  jira:lifecycle:
    - key: lifecycle
)",
                      R"(
app:
  connect:
    key: com.example.app
    remote: backend
connectModules:
  jira:lifecycle:
    - key: lifecycle
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          connect_modules_have_a_remote},
    Entry{forge_error(
              "connect-remote-undefined", kAppConfig,
              "`app.connect.remote` is the key of an entry of `remotes`, if there are `connectModules`.",
              "Correct the name, or declare the remote.", R"(
app:
  connect:
    key: com.example.app
    remote: bakend
connectModules:
  jira:lifecycle:
    - key: lifecycle
remotes:
  - key: backend
    baseUrl: https://api.example.com
)",
              R"(
app:
  connect:
    key: com.example.app
    remote: backend
connectModules:
  jira:lifecycle:
    - key: lifecycle
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          connect_remote_exists},
    Entry{forge_error("connect-remote-configurable", kAppConfig,
                      "The remote of `app.connect` has an address that no admin chooses.",
                      "Remove `configurable` from the remote, or name another one.", R"(
app:
  connect:
    key: com.example.app
    remote: backend
connectModules:
  jira:lifecycle:
    - key: lifecycle
remotes:
  - key: backend
    configurable:
      name: Backend
      description: Your own server
)",
                      R"(
app:
  connect:
    key: com.example.app
    remote: backend
connectModules:
  jira:lifecycle:
    - key: lifecycle
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          connect_remote_is_fixed},
    Entry{forge_error("connect-authentication", kAppConfig,
                      "An app with `app.connect.authentication` has `connectModules`.",
                      "Add the Connect modules, or remove `authentication`.", R"(
app:
  connect:
    key: com.example.app
    authentication: jwt
)",
                      R"(
app:
  connect:
    key: com.example.app
)"),
          authentication_has_modules},
    Entry{forge_warning("connect-remote-unstated", kAppConfig,
                        "An app with `app.connect` and remotes says which remote was that of Connect.",
                        "Add `remote` to `app.connect`, so that an upgrade keeps the region of the data.", R"(
app:
  connect:
    key: com.example.app
remotes:
  - key: backend
    baseUrl: https://api.example.com
)",
                        R"(
app:
  connect:
    key: com.example.app
    remote: backend
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          connect_app_states_its_remote},
};

}  // namespace

std::span<const Entry> connect() { return kEntries; }

}  // namespace tongs::manifest::rules
