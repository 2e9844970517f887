#include "gateway/config.hpp"

#include <thread>
#include <utility>

#include "gateway/config_checks.hpp"
#include "gateway/settings.hpp"

namespace tongs::gateway {

namespace {

using config::Environment;
using config::Finding;
using config::Values;
using std::chrono::milliseconds;
using Path = std::filesystem::path;

template <class T>
std::optional<T> optional(const T* value) {
  return value ? std::optional<T>(*value) : std::nullopt;
}

IngressConfig ingress_of(const Values& values) {
  const auto time = [&](std::string_view key) { return values.get<milliseconds>("ingress", key); };
  const auto number = [&](std::string_view key) { return values.get<std::int64_t>("ingress", key); };
  IngressConfig ingress{.listen = values.get<net::ListenAddress>("ingress", "listen"),
                        .backend = values.get<detail::Url>("ingress", "backend"),
                        .workers = static_cast<unsigned>(number("workers")),
                        .forward_authorization = values.get<bool>("ingress", "forward_authorization"),
                        .forward_oauth_tokens = values.get<bool>("ingress", "forward_oauth_tokens"),
                        .backend_timeout = time("backend_timeout"),
                        .drain_time = time("drain_time"),
                        .leeway = std::chrono::duration_cast<std::chrono::seconds>(time("leeway")),
                        .limits = {}};
  ingress.limits.message.head_bytes = static_cast<std::size_t>(number("head_bytes"));
  ingress.limits.message.body_bytes = static_cast<std::uint64_t>(number("body_bytes"));
  ingress.limits.head_time = time("head_time");
  ingress.limits.idle_time = time("idle_time");
  ingress.limits.stall_time = time("stall_time");
  ingress.limits.connections = static_cast<std::size_t>(number("connections"));
  return ingress;
}

KeyPlace jwks_of(const Values& values) {
  if (const auto* file = values.find<Path>("jwks", "file")) return *file;
  return values.get<detail::Url>("jwks", "url");
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

std::vector<TokenSource> sources_of(const Values& values) {
  std::vector<TokenSource> sources;
  for (const std::string& name : values.get<config::Strings>("sources", "order")) {
    sources.push_back(name == "invocation" ? TokenSource::invocation
                      : name == "schedule" ? TokenSource::schedule
                                           : TokenSource::auth_trigger);
  }
  return sources;
}

LogConfig log_of(const Values& values) {
  LogConfig log;
  const bool known = log::parse_level(values.get<std::string>("log", "level"), log.level);
  (void)known;  // the table allows no other words
  log.json = values.get<std::string>("log", "format") == "json";
  return log;
}

Config config_of(const Values& values, const Path& directory, const Environment& environment) {
  return {.app_id = AppId::parse(values.get<std::string>("app", "id")).value(),
          .ingress = ingress_of(values),
          .jwks = jwks_of(values),
          .vault = vault_of(values, directory, environment),
          .egress = listener_of(values, "egress"),
          .oauth = listener_of(values, "oauth"),
          .admin = listener_of(values, "admin"),
          .admin_token_file = values.get<Path>("admin", "token_file"),
          .sources = sources_of(values),
          .platform = {optional(values.find<detail::Url>("platform", "graphql_url")),
                       optional(values.find<Path>("platform", "ca_file"))},
          .log = log_of(values)};
}

}  // namespace

ConfigOutcome read_config(const config::Source& source, const Environment& environment, unsigned cores) {
  auto [values, findings] = config::load(settings(cores), source, environment);
  check(values, findings);
  config::sort(findings);
  if (!findings.empty()) return {std::nullopt, std::move(findings), {}};
  if (values.find<Path>("jwks", "file")) values.clear("jwks", "url");
  return {config_of(values, source.directory, environment), {}, values.effective_text()};
}

ConfigOutcome load_config(const std::string& path, const Environment& environment) {
  const auto source = config::read_source(path);
  if (!source) {
    const config::Origin file{config::Origin::Kind::file, path};
    return {std::nullopt, {{file, std::string(source.error().message())}}, {}};
  }
  return read_config(*source, environment, std::thread::hardware_concurrency());
}

}  // namespace tongs::gateway
