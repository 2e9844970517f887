#pragma once
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <sys/types.h>

#include <tongs/ids.hpp>
#include <tongs/secret.hpp>

#include "common/config/load.hpp"
#include "common/log.hpp"
#include "common/net/address.hpp"
#include "common/net/networks.hpp"
#include "common/net/proxies.hpp"
#include "common/net/server.hpp"
#include "gateway/broker/approval.hpp"
#include "gateway/egress/invocations.hpp"
#include "gateway/egress/options.hpp"
#include "gateway/ingress/backend_health.hpp"
#include "gateway/ingress/routes.hpp"
#include "http/url.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway {

/// PEM files. Which key belongs to which certificate is seen when they are read.
struct TlsFiles {
  std::filesystem::path certificate, key;
};

struct IngressConfig {
  net::ListenAddress listen;
  std::optional<TlsFiles> tls = {};
  net::Networks proxies = {};  ///< who must say by a PROXY header for whom he calls
  bool proxied_unix = false;   ///< whoever comes through the Unix socket must
  detail::Url backend;         ///< without a query
  std::vector<Route> routes = {};
  net::Networks allow_from = {};
  std::vector<std::string> cors_origins = {};
  bool refuse_replays = false;
  std::size_t replay_tokens = 0;
  std::size_t remembered_tokens = 0;
  unsigned workers = 1;
  bool forward_authorization = false;
  bool forward_oauth_tokens = false;
  std::chrono::milliseconds backend_timeout{};
  HealthPolicy backend_health = {};
  std::chrono::milliseconds drain_time{};
  std::chrono::seconds leeway{};
  net::ServerLimits limits;  ///< of each worker
};

/// Where the keys come from that Forge signs with: a URL (https, or on this machine) or a file.
using KeyPlace = std::variant<detail::Url, std::filesystem::path>;

struct JwksConfig {
  KeyPlace place;
  std::map<std::string, detail::Url> isolated_clouds = {};  ///< by label
  friend bool operator==(const JwksConfig&, const JwksConfig&) = default;
};

/// A listener for programs of this machine. Others can connect only if the configuration says so aloud.
struct LocalListenerConfig {
  std::optional<net::ListenAddress> listen = {};  ///< empty: off
  std::vector<std::string> hosts = {};            ///< further names that a `Host` header may say
};

/// One that speaks TLS, if it shall.
struct TlsListenerConfig : LocalListenerConfig {
  std::optional<TlsFiles> tls = {};
  std::filesystem::path client_authorities = {};  ///< who vouches for clients; empty: they show nothing
};

struct EgressConfig : TlsListenerConfig {  // either has both of TLS and client_authorities, or neither
  std::optional<std::filesystem::path> secret_file = {};
  std::vector<uid_t> users = {};  ///< that may call through a Unix socket, beside root and our own
  UserTokens user_tokens = UserTokens::proven;
  std::size_t invocations = 0;
  EgressOptions options = {};
};

struct OAuthConfig : TlsListenerConfig {
  std::optional<detail::Url> issuer = {};  ///< as whom clients know it; empty: by its address
  std::optional<std::filesystem::path> credentials_dir = {};
};

enum class TokenSource : std::uint8_t { invocation, schedule, auth_trigger, oauth };

struct OAuthSourceConfig {
  std::optional<detail::Url> token_url = {};
  std::string client_id = {};
  std::optional<Secret> client_secret = {};  ///< empty: it is in the file
  std::optional<std::filesystem::path> secret_file = {};
  std::string scope = {};  ///< empty: none is asked for
};

struct SourcesConfig {
  std::vector<TokenSource> order = {};  ///< in which the active ones are asked
  std::vector<std::string> schedule_modules = {};
  std::vector<std::string> uninstall_modules = {};
  std::string auth_path = {};  ///< empty: there is no auth endpoint
  std::vector<std::string> trigger_hosts = {};
  std::chrono::milliseconds time{};
  OAuthSourceConfig oauth = {};

  bool has(TokenSource source) const noexcept {
    return std::find(order.begin(), order.end(), source) != order.end();
  }
};

struct PlatformConfig {
  std::optional<detail::Url> graphql_url = {};  ///< empty: at the installation's own `apiBaseUrl`
  std::optional<std::filesystem::path> ca_file = {};
  net::ProxyRules proxies = {};
  std::uint32_t user_tokens_per_minute = 0;  ///< 0: no limit
};

struct LogConfig {
  log::Level level = log::Level::info;
  bool json = false;
  std::optional<std::filesystem::path> access_file = {};
  bool access_personal = false;
};

/// The configuration of the gateway. Paths are absolute.
struct Config {
  std::vector<AppId> apps;  ///< at least one; the first is `app.id`
  std::optional<std::filesystem::path> manifest = {};
  IngressConfig ingress;
  JwksConfig jwks;
  vault::VaultOptions vault;
  EgressConfig egress;
  OAuthConfig oauth;
  LocalListenerConfig admin;  ///< always listens
  std::filesystem::path admin_token_file;
  Approval approval = Approval::on_install;
  std::optional<std::filesystem::path> audit_file;  ///< empty: off
  SourcesConfig sources;
  PlatformConfig platform;
  LogConfig log;
};

struct ConfigOutcome {
  std::optional<Config> config;          ///< if nothing was found
  std::optional<config::Values> values;  ///< what it was made of; if nothing was found
  std::vector<config::Finding> findings;
  /// The effective configuration as TOML, each value with its origin, secrets masked; empty with findings.
  std::string effective;
};

/// A failure, with the setting that it has to do with.
Error at_setting(std::string_view name, std::string_view value, Error failure);

/// Reads the file, if `path` is not empty, the manifest that it names, which must be of one of its apps, and
/// the environment: `TONGS_…`, the proxy variables, and
/// `CREDENTIALS_DIRECTORY` of systemd, where the keys of the vault may be in a file `vault.key`.
ConfigOutcome load_config(const std::string& path, const config::Environment& environment);

/// The same of a text. `cores`: how many workers are the default.
ConfigOutcome read_config(const config::Source& source, const config::Environment& environment,
                          unsigned cores);

}  // namespace tongs::gateway
