#include "gateway/config.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "gateway/config_checks.hpp"
#include "gateway/ingress/key_places.hpp"
#include "gateway/settings.hpp"
#include "gateway/sources/app_manifest.hpp"
#include "gateway/users.hpp"

namespace tongs::gateway {

namespace {

using config::Environment;
using config::Origin;
using config::Values;
using std::chrono::milliseconds;
using Path = std::filesystem::path;

template <class T>
std::optional<T> optional(const T* value) {
  return value ? std::optional<T>(*value) : std::nullopt;
}

std::vector<AppId> apps_of(const Values& values) {
  std::vector<AppId> apps{AppId::parse(values.get<std::string>("app", "id")).value()};
  for (const std::string& id : values.get<config::Strings>("app", "more_ids")) {
    apps.push_back(AppId::parse(id).value());
  }
  return apps;
}

std::vector<Route> routes_of(const Values& values) {
  std::vector<Route> routes;
  for (const std::string& line : values.get<config::Strings>("ingress", "routes")) {
    routes.push_back(Route::parse(line).value());
  }
  return routes;
}

net::Networks networks_of(const Values& values, std::string_view section, std::string_view key) {
  net::Networks networks;
  for (const std::string& text : values.get<config::Strings>(section, key)) networks.add(text).value();
  return networks;
}

std::optional<TlsFiles> tls_of(const Values& values, std::string_view section) {
  const auto* certificate = values.find<Path>(section, "tls_certificate");
  const auto* key = values.find<Path>(section, "tls_key");
  return certificate && key ? std::optional(TlsFiles{*certificate, *key}) : std::nullopt;
}

void set_proxies(const Values& values, IngressConfig& ingress) {
  for (const std::string& text : values.get<config::Strings>("ingress", "proxy_protocol")) {
    if (text == kUnixProxy) {
      ingress.proxied_unix = true;
    } else {
      ingress.proxies.add(text).value();
    }
  }
}

IngressConfig ingress_of(const Values& values) {
  const auto time = [&](std::string_view key) { return values.get<milliseconds>("ingress", key); };
  const auto number = [&](std::string_view key) { return values.get<std::int64_t>("ingress", key); };
  IngressConfig ingress{.listen = values.get<net::ListenAddress>("ingress", "listen"),
                        .tls = tls_of(values, "ingress"),
                        .backend = values.get<detail::Url>("ingress", "backend"),
                        .routes = routes_of(values),
                        .allow_from = networks_of(values, "ingress", "allow_from"),
                        .cors_origins = values.get<config::Strings>("ingress", "cors_origins"),
                        .refuse_replays = values.get<bool>("ingress", "refuse_replays"),
                        .replay_tokens = static_cast<std::size_t>(number("replay_tokens")),
                        .remembered_tokens = static_cast<std::size_t>(number("remembered_tokens")),
                        .workers = static_cast<unsigned>(number("workers")),
                        .forward_authorization = values.get<bool>("ingress", "forward_authorization"),
                        .forward_oauth_tokens = values.get<bool>("ingress", "forward_oauth_tokens"),
                        .backend_timeout = time("backend_timeout"),
                        .backend_health = {.failures = static_cast<std::uint32_t>(number("backend_failures")),
                                           .longest_pause = time("backend_pause")},
                        .drain_time = time("drain_time"),
                        .leeway = std::chrono::duration_cast<std::chrono::seconds>(time("leeway")),
                        .limits = {}};
  set_proxies(values, ingress);
  ingress.limits.message.head_bytes = static_cast<std::size_t>(number("head_bytes"));
  ingress.limits.message.body_bytes = static_cast<std::uint64_t>(number("body_bytes"));
  ingress.limits.head_time = time("head_time");
  ingress.limits.idle_time = time("idle_time");
  ingress.limits.stall_time = time("stall_time");
  ingress.limits.connections = static_cast<std::size_t>(number("connections"));
  return ingress;
}

KeyPlace key_place_of(const Values& values) {
  if (const auto* file = values.find<Path>("jwks", "file")) return *file;
  if (const auto* url = values.find<detail::Url>("jwks", "url")) return *url;
  return detail::parse_url(key_url_of(values.get<std::string>("jwks", "environment"))).value();
}

JwksConfig jwks_of(const Values& values) {
  JwksConfig jwks{.place = key_place_of(values)};
  for (const std::string& label : values.get<config::Strings>("jwks", "isolated_clouds")) {
    const auto& pattern = values.get<std::string>("jwks", "isolated_cloud_url");
    jwks.isolated_clouds.emplace(label, isolated_cloud_url(pattern, label).value());
  }
  return jwks;
}

/// `sqlite:PATH` with a path that does not depend on the working directory.
std::string vault_url(const std::string& url, const Path& directory) {
  constexpr std::string_view scheme = "sqlite:";
  if (!url.starts_with(scheme)) return url;
  return std::string(scheme) + (directory / url.substr(scheme.size())).lexically_normal().string();
}

vault::VaultOptions vault_of(const Values& values, const Path& directory, const Environment& environment) {
  vault::VaultOptions vault;
  vault.url = vault_url(values.get<std::string>("vault", "url"), directory);
  vault.survive_power_loss = values.get<bool>("vault", "survive_power_loss");
  vault.keys.file = values.get<Path>("vault", "key_file").string();
  if (const auto* keys = values.find<Secret>("vault", "keys")) vault.keys.text = keys->duplicate();
  if (const auto found = environment.find("CREDENTIALS_DIRECTORY"); found != environment.end()) {
    vault.keys.credential = found->second + "/vault.key";
  }
  return vault;
}

LocalListenerConfig listener_of(const Values& values, std::string_view section) {
  return {optional(values.find<net::ListenAddress>(section, "listen")),
          values.get<config::Strings>(section, "hosts")};
}

UserTokens user_tokens_of(const Values& values) {
  const auto& word = values.get<std::string>("egress", "user_tokens");
  return word == "off" ? UserTokens::off : word == "any" ? UserTokens::any : UserTokens::proven;
}

EgressOptions egress_options_of(const Values& values) {
  const auto time = [&](std::string_view key) { return values.get<milliseconds>("egress", key); };
  const auto number = [&](std::string_view key) {
    return static_cast<std::size_t>(values.get<std::int64_t>("egress", key));
  };
  return {.time = time("time"),
          .token_time = time("token_time"),
          .queue_time = time("queue_time"),
          .stall_time = time("stall_time"),
          .held_bytes = number("held_bytes"),
          .body_bytes = number("body_bytes"),
          .calls = {.at_once = number("calls"),
                    .at_once_each = number("calls_each"),
                    .waiting = number("waiting_calls"),
                    .waiting_each = number("waiting_calls_each")},
          .honour_retry_after = values.get<bool>("egress", "honour_retry_after")};
}

TlsListenerConfig tls_listener_of(const Values& values, std::string_view section) {
  return {listener_of(values, section), tls_of(values, section),
          optional(values.find<Path>(section, "tls_client_ca")).value_or("")};
}

EgressConfig egress_of(const Values& values) {
  EgressConfig egress{tls_listener_of(values, "egress")};
  egress.secret_file = optional(values.find<Path>("egress", "secret_file"));
  for (const std::string& user : values.get<config::Strings>("egress", "allow_users")) {
    egress.users.push_back(uid_of(user).value());
  }
  egress.user_tokens = user_tokens_of(values);
  egress.invocations =
      egress.listen ? static_cast<std::size_t>(values.get<std::int64_t>("egress", "invocations")) : 0;
  egress.options = egress_options_of(values);
  return egress;
}

/// Beside the vault, unless something else is said.
std::optional<Path> audit_file_of(const Values& values, const std::string& vault) {
  constexpr std::string_view scheme = "sqlite:";
  const bool said = values.origin("audit", "file").kind != Origin::Kind::fallback;
  if (said) return optional(values.find<Path>("audit", "file"));
  if (!vault.starts_with(scheme)) return std::nullopt;
  return Path(vault.substr(scheme.size())).replace_extension(".audit");
}

OAuthSourceConfig oauth_source_of(const Values& values) {
  const auto text = [&](std::string_view key) {
    return optional(values.find<std::string>("sources", key)).value_or("");
  };
  OAuthSourceConfig oauth{.token_url = optional(values.find<detail::Url>("sources", "oauth_token_url")),
                          .client_id = text("oauth_client_id"),
                          .secret_file = optional(values.find<Path>("sources", "oauth_secret_file")),
                          .scope = text("oauth_scope")};
  if (const auto* secret = values.find<Secret>("sources", "oauth_client_secret")) {
    oauth.client_secret = secret->duplicate();
  }
  return oauth;
}

SourcesConfig sources_of(const Values& values) {
  const auto list = [&](std::string_view key) { return values.get<config::Strings>("sources", key); };
  SourcesConfig sources{.schedule_modules = list("schedule_modules"),
                        .uninstall_modules = list("uninstall_modules"),
                        .auth_path = optional(values.find<std::string>("sources", "auth_path")).value_or(""),
                        .trigger_hosts = list("trigger_hosts"),
                        .time = values.get<milliseconds>("sources", "time"),
                        .oauth = oauth_source_of(values)};
  for (const std::string& name : list("order")) {
    sources.order.push_back(name == "invocation" ? TokenSource::invocation
                            : name == "schedule" ? TokenSource::schedule
                            : name == "oauth"    ? TokenSource::oauth
                                                 : TokenSource::auth_trigger);
  }
  return sources;
}

LogConfig log_of(const Values& values) {
  LogConfig log;
  const bool known = log::parse_level(values.get<std::string>("log", "level"), log.level);
  (void)known;  // the table allows no other words
  log.json = values.get<std::string>("log", "format") == "json";
  log.access_file = optional(values.find<Path>("log", "access_file"));
  log.access_personal = values.get<bool>("log", "access_personal");
  return log;
}

Result<net::ProxyRules> proxies_of(const Values& values, const Environment& environment) {
  const auto variable = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  };
  const auto* url = values.find<Secret>("platform", "proxy");
  return url ? net::ProxyRules::of_url(url->reveal(), variable) : net::ProxyRules::of_environment(variable);
}

Config config_of(const Values& values, const Path& directory, const Environment& environment) {
  return {.apps = apps_of(values),
          .manifest = optional(values.find<Path>("app", "manifest")),
          .ingress = ingress_of(values),
          .jwks = jwks_of(values),
          .vault = vault_of(values, directory, environment),
          .egress = egress_of(values),
          .oauth = {tls_listener_of(values, "oauth"), optional(values.find<detail::Url>("oauth", "issuer")),
                    optional(values.find<Path>("oauth", "credentials_dir"))},
          .admin = listener_of(values, "admin"),
          .admin_token_file = values.get<Path>("admin", "token_file"),
          .approval = values.get<std::string>("oauth", "offline_access") == "admin-approval"
                          ? Approval::by_admin
                          : Approval::on_install,
          .audit_file = audit_file_of(values, vault_url(values.get<std::string>("vault", "url"), directory)),
          .sources = sources_of(values),
          .platform = {optional(values.find<detail::Url>("platform", "graphql_url")),
                       optional(values.find<Path>("platform", "ca_file")),
                       proxies_of(values, environment).value_or(net::ProxyRules()),
                       static_cast<std::uint32_t>(
                           values.get<std::int64_t>("platform", "user_tokens_per_minute"))},
          .log = log_of(values)};
}

}  // namespace

Error at_setting(std::string_view name, std::string_view value, Error failure) {
  std::string setting(name);
  return Error(failure.code(), setting.append(" = ").append(value)).with_cause(std::move(failure));
}

ConfigOutcome read_config(const config::Source& source, const Environment& environment, unsigned cores) {
  auto [values, findings] = config::load(settings(cores), source, environment);
  check(values, findings);
  if (const auto proxies = proxies_of(values, environment); !proxies) {
    const bool set = values.find<Secret>("platform", "proxy") != nullptr;
    const std::string why = proxies.error().describe();
    findings.push_back(set ? values.finding("platform", "proxy", why)
                           : config::Finding{{Origin::Kind::environment, "https_proxy"}, why});
  }
  config::sort(findings);
  if (values.find<Path>("jwks", "file") || values.find<detail::Url>("jwks", "url")) {
    values.clear("jwks", "environment");
  }
  if (!findings.empty())
    return {.config = {}, .values = {}, .findings = std::move(findings), .effective = {}};
  std::string effective = values.effective_text();
  Config config = config_of(values, source.directory, environment);
  return {.config = std::move(config),
          .values = std::move(values),
          .findings = {},
          .effective = std::move(effective)};
}

namespace {

/// The other app whose manifest it is, if there is one.
std::optional<AppId> app_of_foreign_manifest(const Config& config) {
  if (!config.manifest) return std::nullopt;
  auto facts = read_app_manifest(*config.manifest);
  if (!facts || !facts->app) return std::nullopt;
  const bool ours = std::find(config.apps.begin(), config.apps.end(), *facts->app) != config.apps.end();
  return ours ? std::nullopt : std::move(facts->app);
}

}  // namespace

ConfigOutcome load_config(const std::string& path, const Environment& environment) {
  const auto source = config::read_source(path);
  if (!source) {
    const config::Origin file{config::Origin::Kind::file, path};
    return {.config = {},
            .values = {},
            .findings = {{file, std::string(source.error().message())}},
            .effective = {}};
  }
  auto outcome = read_config(*source, environment, std::thread::hardware_concurrency());
  const auto other = outcome.config ? app_of_foreign_manifest(*outcome.config) : std::nullopt;
  if (!other) return outcome;
  auto finding = outcome.values->finding(
      "app", "manifest",
      "is the manifest of " + other->str() + ", which is neither app.id nor among app.more_ids");
  return {.config = {}, .values = {}, .findings = {std::move(finding)}, .effective = {}};
}

}  // namespace tongs::gateway
