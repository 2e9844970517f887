#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>

#include "common/log.hpp"
#include "common/process_metrics.hpp"
#include "gateway/admin/client_routes.hpp"
#include "gateway/admin/token_file.hpp"
#include "gateway/broker/upkeep.hpp"
#include "gateway/egress/door.hpp"
#include "gateway/gateway_parts.hpp"
#include "gateway/ingress/entrance.hpp"
#include "gateway/serving_tls.hpp"
#include "gateway/sources/active_sources.hpp"
#include "gateway/sources/app_manifest.hpp"

namespace tongs::gateway {

namespace {

namespace asio = boost::asio;
constexpr std::chrono::seconds kUpkeepPause{30};
constexpr std::size_t kMaxAnswer = 1024 * 1024;  ///< of a platform endpoint that we ask ourselves

net::ClientLimits backend_limits(const Config& config) {
  net::ClientLimits limits;
  limits.message.body_bytes = config.ingress.limits.message.body_bytes;
  limits.stall_time = config.ingress.limits.stall_time;
  return limits;
}

net::Endpoint endpoint_of(const detail::Url& url) { return net::parse_endpoint(url.text()).value(); }

BrokerOptions broker_options(const Config& config, std::shared_ptr<AuditLog> audit) {
  BrokerOptions options;
  options.audit = std::move(audit);
  if (config.platform.graphql_url) options.graphql_url = config.platform.graphql_url->text();
  return options;
}

net::LocalGuard guard_of(const LocalListenerConfig& listener) { return {*listener.listen, listener.hosts}; }

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error(Errc::invalid_argument, "the file cannot be read");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void log_change_of_vault(const std::string& url, const Result<void>& outcome) {
  if (outcome) {
    log::info("the vault can be written again: nothing is in memory alone any more", {{"vault", url}});
  } else {
    log::error("the vault cannot be written: what is new is in memory alone and ends with the gateway",
               {{"vault", url}, {"reason", outcome.error().describe()}});
  }
}

}  // namespace

/// What is wrong with the manifest keeps no gateway from serving: it may be ahead of what is deployed.
Result<void> Gateway::Parts::open_manifest() {
  if (!config.manifest) return {};
  const auto facts = read_app_manifest(*config.manifest);
  if (!facts) return facts.error();
  SourcesConfig& sources = config.sources;
  const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& more) {
    to.insert(to.end(), more.begin(), more.end());
  };
  add(sources.schedule_modules, facts->schedule_modules);
  add(sources.uninstall_modules, facts->uninstall_modules);
  const bool asks_itself = sources.has(TokenSource::oauth) || !sources.auth_path.empty();
  for (const std::string& warning : facts->warnings) {
    if (!asks_itself) {
      log::warn("tokens will not stay fresh", {{"manifest", config.manifest->string()}, {"reason", warning}});
    }
  }
  return {};
}

Result<void> Gateway::Parts::open_audit() {
  if (!config.audit_file) return {};
  auto opened =
      AuditWriter::open({.path = config.audit_file->string(), .sync = config.vault.survive_power_loss});
  if (!opened) return at_setting("audit.file", config.audit_file->string(), std::move(opened).error());
  audit_file = *std::move(opened);
  audit = audit_file;
  return {};
}

Result<void> Gateway::Parts::open_vault() {
  const std::string url = config.vault.url;
  const std::string key_file = config.vault.keys.file;
  auto opened = vault::Vault::open(std::move(config.vault));
  if (!opened) return at_setting("vault.url", url, std::move(opened).error());
  vault = *std::move(opened);
  vault->watch_serving([this](const InstallationId& id, bool serves) { watch_installation(id, serves); });
  vault->watch([url](const Result<void>& outcome) { log_change_of_vault(url, outcome); });
  if (vault->status().key_file_created) {
    log::info("a new key for the vault was made: keep a copy, without it nothing in the vault can be read",
              {{"file", key_file}});
  }
  if (vault->status().store_missed) {
    log::warn("a new, empty vault was made, though its key was there before: is a vault missing here?",
              {{"vault", url}, {"key", key_file}});
  }
  asio::co_spawn(home.reactor().context, keep_in_order(home.reactor(), vault, Clock::system(), kUpkeepPause),
                 asio::detached);
  return {};
}

Result<std::unique_ptr<KeyHub>> Gateway::Parts::open_hub(std::string name, const KeyPlace& place) {
  if (const auto* file = std::get_if<std::filesystem::path>(&place)) {
    auto fixed = read_file(*file).and_then([](const std::string& text) { return static_keys(text); });
    if (!fixed) return at_setting("jwks.file", file->native(), std::move(fixed).error());
    return std::make_unique<KeyHub>(home.reactor(), *std::move(fixed));
  }
  auto remote =
      AsyncKeySource::create(home.reactor().context, std::get<detail::Url>(place).text(), transport);
  if (!remote) return std::move(remote).error();
  return std::make_unique<KeyHub>(home.reactor(), std::move(name), *std::move(remote));
}

Result<std::unique_ptr<KeyDirectory>> Gateway::Parts::open_directory(const JwksConfig& jwks) {
  auto main = open_hub("forge", jwks.place);
  if (!main) return std::move(main).error();
  auto directory = std::make_unique<KeyDirectory>(*std::move(main));
  for (const auto& [label, url] : jwks.isolated_clouds) {
    auto hub = open_hub(label, url);
    if (!hub) return std::move(hub).error();
    directory->add_isolated_cloud(label, *std::move(hub));
  }
  for (KeyHub* hub : directory->all()) {
    asio::co_spawn(home.reactor().context, hub->keep_fresh(), asio::detached);
  }
  return directory;
}

Result<void> Gateway::Parts::use_keys(const JwksConfig& jwks) {
  auto directory = open_directory(jwks);
  if (!directory) return std::move(directory).error();
  if (!directories.empty()) {
    asio::post(home.reactor().context, [old = directories.back().get()] {
      for (KeyHub* hub : old->all()) hub->retire();
    });
  }
  directories.push_back(*std::move(directory));
  keys = directories.back().get();
  return {};
}

Result<void> Gateway::Parts::open_keys() { return use_keys(config.jwks); }

Result<void> Gateway::Parts::open_access_log() {
  if (!config.log.access_file) return {};
  auto file = AccessLogFile::open(config.log.access_file->string());
  if (!file) return std::move(file).error();
  access_log = *std::move(file);
  return {};
}

Result<void> Gateway::Parts::open_broker() {
  net::TlsContext tls;
  if (config.platform.ca_file) {
    const std::string file = config.platform.ca_file->string();
    auto context = net::verifying_tls(file);
    if (!context) return at_setting("platform.ca_file", file, std::move(context).error());
    tls = *std::move(context);
  }
  const net::Ways ways{.tls = tls, .proxies = config.platform.proxies};
  upstream = std::make_unique<net::Client>(home.reactor(), net::ClientLimits{}, ways);
  transport = std::make_shared<net::ClientTransport>(*upstream, kMaxAnswer);
  auto sources = active_sources(home.reactor(), config.sources, vault, transport, arrivals, source_metrics);
  if (!sources) return std::move(sources).error();
  chain = std::make_unique<SourceChain>(home.reactor(), *std::move(sources), source_metrics,
                                        ChainOptions{.time = config.sources.time, .policy = {}});
  user_token_limit =
      std::make_unique<UserTokenLimit>(home.reactor(), config.platform.user_tokens_per_minute, registry);
  broker = std::make_unique<Broker>(home.reactor(), broker_options(config, audit), vault, transport, *chain,
                                    departures, *user_token_limit, source_metrics);
  return config.egress.listen ? open_egress(ways) : Result<void>();
}

Result<void> Gateway::Parts::open_egress(const net::Ways& ways) {
  const EgressConfig& settings = config.egress;
  auto entrance = open_entrance("egress", settings, net::ClientCertificates::required);
  if (!entrance) return std::move(entrance).error();
  auto secret = read_egress_secret(settings);
  if (!secret) return std::move(secret).error();
  egress = std::make_unique<Egress>(
      Egress::Parts{home.reactor(), *broker, invocations, egress_metrics, registry, audit},
      Admission(guard_of(settings), settings.users, *std::move(secret)), settings.options, ways);
  net::ServerLimits limits;
  limits.message.body_bytes = settings.options.body_bytes;
  limits.stall_time = settings.options.stall_time;
  auto opened = open_listener(
      "egress.listen", settings, [this](net::Exchange& exchange) { return egress->handle(exchange); },
      limits);
  if (!opened) return std::move(opened).error();
  egress_server = std::move(opened->server);
  egress_server->use(*entrance);
  egress_server->watch_refusals([this](const net::Refusal& refusal) {
    if (refusal.of == net::Refusal::Of::handshake) egress_metrics.refused.add("tls_handshake");
  });
  addresses.egress = std::move(opened->address);
  addresses.egress_tls = (*entrance)->tls != nullptr;
  return open_to_users(settings);
}

Result<void> Gateway::Parts::open_oauth() {
  if (!config.oauth.listen) return {};
  auto entrance = open_entrance("oauth", config.oauth, net::ClientCertificates::optional);
  if (!entrance) return std::move(entrance).error();
  auto opened = open_listener("oauth.listen", config.oauth,
                              [this](net::Exchange& exchange) { return authorizer->handle(exchange); });
  if (!opened) return std::move(opened).error();
  oauth_server = std::move(opened->server);
  oauth_server->use(*entrance);
  oauth_server->watch_refusals([this](const net::Refusal& refusal) { authorizer->note(refusal); });
  addresses.oauth = std::move(opened->address);
  addresses.oauth_tls = (*entrance)->tls != nullptr;
  auto url = config.oauth.issuer
                 ? Result<detail::Url>(*config.oauth.issuer)
                 : detail::parse_url((addresses.oauth_tls ? "https://" : "http://") + addresses.oauth);
  if (!url) return at_setting("oauth.listen", config.oauth.listen->text(), std::move(url).error());
  oauth::Issuer issuer(*url, !config.oauth.client_authorities.empty());
  token_endpoint = issuer.token_endpoint();
  authorizer =
      std::make_unique<oauth::Server>(guard_of(config.oauth), std::move(issuer), *broker, registry, audit);
  if (egress) egress->take_tokens_of(authorizer->issued());
  if (!config.oauth.credentials_dir) return {};
  auto started = oauth::Delivery::start(vault, *config.oauth.credentials_dir, token_endpoint, audit);
  if (!started) {
    return at_setting("oauth.credentials_dir", config.oauth.credentials_dir->native(),
                      std::move(started).error());
  }
  delivery = *std::move(started);
  return {};
}

/// Runs under a lock of the vault's, on whatever thread made the change.
void Gateway::Parts::watch_installation(const InstallationId& id, bool serves) {
  if (serves) {
    if (delivery) delivery->notice(id);
    return;
  }
  asio::post(home.reactor().context, [this, id] {
    broker->forget_users(id);
    invocations.forget_users(id);
    if (authorizer) authorizer->forget(id);
  });
}

Result<void> Gateway::Parts::open_admin() {
  auto token = read_or_create_token(config.admin_token_file);
  if (!token) return std::move(token).error();
  if (token->created)
    log::info("a new token for administrators was made", {{"file", config.admin_token_file.native()}});
  admin = std::make_unique<Admin>(guard_of(config.admin), std::move(token->token), registry);
  admin->on_refused_login([this] {
    audit->add({.kind = AuditKind::admin_login, .outcome = AuditOutcome::refused, .actor = "admin"});
  });
  consent = std::make_unique<ConsentRoutes>(home.reactor(), *broker, audit);
  consent->on_revoked_user([this](const InstallationId& id, const AccountId& user) {
    invocations.forget_user(id, user);
    if (authorizer) authorizer->forget(id, user);
  });
  consent->add_to(admin->routes());
  vault_upkeep = std::make_unique<VaultRoutes>(home.reactor(), vault, audit);
  vault_upkeep->add_to(admin->routes());
  metrics::add_process_metrics(registry, TONGS_VERSION);
  registry.before_reading([this] {
    state_metrics.set(keys.load()->main().status());
    state_metrics.set(vault->status());
    backends.show();
    if (audit_file) audit_metrics.set(audit_file->status());
  });
  add_client_routes(admin->routes(), {.vault = vault,
                                      .token_endpoint = token_endpoint,
                                      .asks_for_certificates = !config.oauth.client_authorities.empty(),
                                      .audit = audit});
  admin->add_check({"keys", [this] { return keys_ready(); }});
  admin->add_check({"vault", [this] { return vault_ready(); }});
  admin->add_check({"audit", [this] { return audit_ready(); }});
  admin->add_check({"accepting", [this] { return accepting(); }});
  auto opened = open_listener("admin.listen", config.admin,
                              [this](net::Exchange& exchange) { return admin->handle(exchange); });
  if (!opened) return std::move(opened).error();
  admin_server = std::move(opened->server);
  addresses.admin = std::move(opened->address);
  return {};
}

Result<Gateway::Parts::Listener> Gateway::Parts::open_listener(std::string_view setting,
                                                               const LocalListenerConfig& where,
                                                               net::Handler handler,
                                                               net::ServerLimits limits) {
  auto server = std::make_unique<net::Server>(home.reactor(), std::move(handler), limits);
  auto address = server->listen(*where.listen);
  if (!address) return at_setting(setting, where.listen->text(), std::move(address).error());
  return Listener{std::move(server), *std::move(address)};
}

std::shared_ptr<const IngressRules> Gateway::Parts::rules_of(const Config& given) {
  const IngressConfig& ingress = given.ingress;
  Routes routes(ingress.routes, endpoint_of(ingress.backend), ingress.backend_timeout);
  std::vector<Backend*> states;
  for (const net::Destination& to : routes.destinations()) {
    states.push_back(&backends.of(to, ingress.backend_health));
  }
  return std::make_shared<const IngressRules>(
      IngressRules{.verify = {.apps = given.apps, .keys = keys, .policy = {.leeway = ingress.leeway}},
                   .routes = std::move(routes),
                   .backends = std::move(states),
                   .forward = {ingress.forward_authorization, ingress.forward_oauth_tokens},
                   .cors = Cors(ingress.cors_origins),
                   .sources = ingress.allow_from,
                   .refuse_replays = ingress.refuse_replays});
}

Result<void> Gateway::Parts::open_workers() {
  capture = std::make_unique<Capture>(vault, capture_rules(config.sources), source_metrics, arrivals,
                                      config.approval, audit);
  intake = std::make_unique<Intake>(intake_rules(config.sources), vault, *capture, arrivals, departures,
                                    source_metrics, audit);
  shared = std::make_unique<IngressShared>(IngressShared{*capture, *intake, invocations, ingress_metrics,
                                                         replays, access_log, config.log.access_personal});
  auto entrance = open_entrance(config.ingress);
  if (!entrance) return std::move(entrance).error();
  const auto rules = rules_of(config);
  for (unsigned i = 0; i < config.ingress.workers; ++i) {
    auto worker = std::make_unique<Worker>();
    Worker& made = *worker;
    made.ingress = std::make_unique<Ingress>(made.loop.reactor(), *shared, rules, backend_limits(config),
                                             config.ingress.remembered_tokens);
    made.server = std::make_unique<net::Server>(
        made.loop.reactor(), [&made](net::Exchange& exchange) { return made.ingress->handle(exchange); },
        config.ingress.limits);
    made.server->use(*entrance);
    made.server->watch_refusals([&made](const net::Refusal& refusal) { made.ingress->note(refusal); });
    if (workers.empty()) {
      const net::ListenAddress& wanted = config.ingress.listen;
      auto address = made.server->listen(wanted);
      if (!address) return at_setting("ingress.listen", wanted.text(), std::move(address).error());
      addresses.ingress = *std::move(address);
    } else {
      auto joined = made.server->listen_with(*workers.front()->server);
      if (!joined) return std::move(joined).error();
    }
    workers.push_back(std::move(worker));
  }
  addresses.ingress_tls = (*entrance)->tls != nullptr;
  ingress_metrics.show_certificate((*entrance)->tls);
  return {};
}

}  // namespace tongs::gateway
