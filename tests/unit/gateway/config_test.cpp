#include "gateway/config.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "gateway/settings.hpp"

namespace tongs::gateway {
namespace {

using namespace std::chrono_literals;
using config::Environment;

constexpr std::string_view kMinimal =
    "[app]\nid = \"ari:cloud:ecosystem::app/8db5b8f6-9e0c-4a4e-9c1c-0e6d3a1f8f11\"\n"
    "[ingress]\nbackend = \"http://127.0.0.1:9000\"\n";

ConfigOutcome read(std::string_view text, const Environment& environment = {}) {
  return read_config({"tongs.toml", std::string(text), "/etc/tongs"}, environment, 3);
}

/// The configuration of a minimal file and more.
Config config(const std::string& more, const Environment& environment = {}) {
  auto outcome = read(std::string(kMinimal) + more, environment);
  for (const auto& finding : outcome.findings) ADD_FAILURE() << finding.text();
  return std::move(outcome.config).value();
}

/// What is found in a minimal file and more, one a line.
std::string findings(const std::string& more, const Environment& environment = {}) {
  const auto outcome = read(std::string(kMinimal) + more, environment);
  EXPECT_EQ(outcome.config.has_value(), outcome.findings.empty());
  std::string lines;
  for (const auto& finding : outcome.findings) lines += finding.text() + "\n";
  return lines;
}

TEST(GatewayConfig, needs_an_app_and_a_backend_only) {
  const Config minimal = config("");
  EXPECT_EQ(minimal.apps.front().bare(), "8db5b8f6-9e0c-4a4e-9c1c-0e6d3a1f8f11");
  EXPECT_EQ(minimal.ingress.backend.text(), "http://127.0.0.1:9000/");
  EXPECT_EQ(minimal.ingress.listen.port, 8080);
  EXPECT_FALSE(minimal.ingress.tls);
  EXPECT_TRUE(minimal.ingress.proxies.empty());
  EXPECT_FALSE(minimal.ingress.proxied_unix);
  EXPECT_EQ(minimal.ingress.workers, 3U);
  EXPECT_FALSE(minimal.ingress.forward_authorization);
  EXPECT_FALSE(minimal.ingress.forward_oauth_tokens);
  EXPECT_EQ(minimal.ingress.backend_timeout, 25s);
  EXPECT_EQ(minimal.ingress.drain_time, 30s);
  EXPECT_EQ(minimal.ingress.leeway, 30s);
  EXPECT_EQ(std::get<detail::Url>(minimal.jwks.place).text(),
            "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json");
  EXPECT_EQ(minimal.vault.url, "sqlite:/etc/tongs/tongs.db");
  EXPECT_EQ(minimal.vault.keys.file, "/etc/tongs/vault.key");
  EXPECT_FALSE(minimal.vault.keys.text);
  EXPECT_TRUE(minimal.vault.keys.credential.empty());
  EXPECT_EQ(minimal.egress.listen->port, 7072);
  EXPECT_EQ(minimal.oauth.listen->port, 7073);
  EXPECT_EQ(minimal.admin.listen->port, 7074);
  EXPECT_EQ(minimal.admin_token_file, "/etc/tongs/admin.token");
  EXPECT_EQ(minimal.sources.order,
            (std::vector{TokenSource::invocation, TokenSource::schedule, TokenSource::auth_trigger}));
  EXPECT_FALSE(minimal.platform.graphql_url);
  EXPECT_FALSE(minimal.platform.ca_file);
  EXPECT_EQ(minimal.log.level, log::Level::info);
  EXPECT_FALSE(minimal.log.json);
}

TEST(GatewayConfig, has_the_limits_of_the_server_as_its_own) {
  const net::ServerLimits server;
  const net::ServerLimits ours = config("").ingress.limits;
  EXPECT_EQ(ours.message.head_bytes, server.message.head_bytes);
  EXPECT_EQ(ours.message.body_bytes, server.message.body_bytes);
  EXPECT_EQ(ours.head_time, server.head_time);
  EXPECT_EQ(ours.idle_time, server.idle_time);
  EXPECT_EQ(ours.stall_time, server.stall_time);
  EXPECT_EQ(ours.connections, server.connections);
}

TEST(GatewayConfig, carries_every_setting_to_its_place) {
  const Config all = config(R"(listen = "unix:ingress.sock"
tls_certificate = "tls/fullchain.pem"
tls_key = "/run/keys/tls.pem"
proxy_protocol = ["unix"]
workers = 7
forward_authorization = true
forward_oauth_tokens = true
backend_timeout = "55s"
drain_time = "1m"
leeway = "5s"
head_bytes = "64KiB"
body_bytes = "1GiB"
head_time = "2s"
idle_time = "3s"
stall_time = "4s"
connections = 5
[jwks]
file = "keys/jwks.json"
[vault]
url = "memory:"
key_file = "/run/keys/vault"
survive_power_loss = true
[egress]
listen = "0.0.0.0:7072"
hosts = ["egress"]
tls_certificate = "egress.pem"
tls_key = "egress.key"
tls_client_ca = "clients.pem"
secret_file = "egress.secret"
user_tokens = "any"
invocations = 5
time = "9s"
token_time = "8s"
queue_time = "7s"
stall_time = "6s"
held_bytes = "2KiB"
body_bytes = "3KiB"
calls = 11
calls_each = 12
waiting_calls = 13
waiting_calls_each = 14
honour_retry_after = false
[oauth]
listen = "0.0.0.0:7073"
allow_remote = true
issuer = "https://tongs.example.com/oauth/"
tls_certificate = "oauth.pem"
tls_key = "oauth.key"
tls_client_ca = "backends.pem"
credentials_dir = "clients"
hosts = ["tongs", "10.0.0.7"]
[admin]
listen = "[::1]:0"
token_file = "t"
[sources]
order = ["auth-trigger", "schedule", "oauth"]
schedule_modules = ["hourly"]
uninstall_modules = ["farewell"]
auth_path = "/forge/auth"
trigger_hosts = ["triggers.example.com"]
time = "3s"
oauth_token_url = "https://auth.example.com/token"
oauth_client_id = "gateway"
oauth_secret_file = "oauth.secret"
oauth_scope = "read"
[platform]
graphql_url = "http://127.0.0.1:4000/graphql"
ca_file = "ca.pem"
[log]
level = "warn"
format = "json"
)");
  EXPECT_EQ(all.ingress.listen.unix_path, "/etc/tongs/ingress.sock");
  EXPECT_EQ(all.ingress.tls->certificate, "/etc/tongs/tls/fullchain.pem");
  EXPECT_EQ(all.ingress.tls->key, "/run/keys/tls.pem");
  EXPECT_TRUE(all.ingress.proxied_unix);
  EXPECT_TRUE(all.ingress.proxies.empty());
  EXPECT_EQ(all.ingress.workers, 7U);
  EXPECT_TRUE(all.ingress.forward_authorization);
  EXPECT_TRUE(all.ingress.forward_oauth_tokens);
  EXPECT_EQ(all.ingress.backend_timeout, 55s);
  EXPECT_EQ(all.ingress.drain_time, 60s);
  EXPECT_EQ(all.ingress.leeway, 5s);
  EXPECT_EQ(all.ingress.limits.message.head_bytes, 64U << 10);
  EXPECT_EQ(all.ingress.limits.message.body_bytes, 1U << 30);
  EXPECT_EQ(all.ingress.limits.head_time, 2s);
  EXPECT_EQ(all.ingress.limits.idle_time, 3s);
  EXPECT_EQ(all.ingress.limits.stall_time, 4s);
  EXPECT_EQ(all.ingress.limits.connections, 5U);
  EXPECT_EQ(std::get<std::filesystem::path>(all.jwks.place), "/etc/tongs/keys/jwks.json");
  EXPECT_EQ(all.vault.url, "memory:");
  EXPECT_EQ(all.vault.keys.file, "/run/keys/vault");
  EXPECT_TRUE(all.vault.survive_power_loss);
  EXPECT_EQ(all.egress.listen->host, "0.0.0.0");
  EXPECT_EQ(all.egress.hosts, std::vector<std::string>{"egress"});
  EXPECT_EQ(all.egress.tls->certificate, "/etc/tongs/egress.pem");
  EXPECT_EQ(all.egress.tls->key, "/etc/tongs/egress.key");
  EXPECT_EQ(all.egress.client_authorities, "/etc/tongs/clients.pem");
  EXPECT_EQ(all.egress.secret_file, "/etc/tongs/egress.secret");
  EXPECT_EQ(all.egress.user_tokens, UserTokens::any);
  EXPECT_EQ(all.egress.invocations, 5U);
  EXPECT_EQ(all.egress.options.time, 9s);
  EXPECT_EQ(all.egress.options.token_time, 8s);
  EXPECT_EQ(all.egress.options.queue_time, 7s);
  EXPECT_EQ(all.egress.options.stall_time, 6s);
  EXPECT_EQ(all.egress.options.held_bytes, 2U << 10);
  EXPECT_EQ(all.egress.options.body_bytes, 3U << 10);
  EXPECT_EQ(all.egress.options.calls.at_once, 11U);
  EXPECT_EQ(all.egress.options.calls.at_once_each, 12U);
  EXPECT_EQ(all.egress.options.calls.waiting, 13U);
  EXPECT_EQ(all.egress.options.calls.waiting_each, 14U);
  EXPECT_FALSE(all.egress.options.honour_retry_after);
  EXPECT_EQ(all.oauth.listen->host, "0.0.0.0");
  EXPECT_EQ(all.oauth.issuer->text(), "https://tongs.example.com/oauth/");
  EXPECT_EQ(all.oauth.credentials_dir, "/etc/tongs/clients");
  ASSERT_TRUE(all.oauth.tls);
  EXPECT_EQ(all.oauth.tls->certificate, "/etc/tongs/oauth.pem");
  EXPECT_EQ(all.oauth.tls->key, "/etc/tongs/oauth.key");
  EXPECT_EQ(all.oauth.client_authorities, "/etc/tongs/backends.pem");
  EXPECT_EQ(all.oauth.hosts, (std::vector<std::string>{"tongs", "10.0.0.7"}));
  EXPECT_EQ(all.admin.listen->host, "::1");
  EXPECT_EQ(all.admin_token_file, "/etc/tongs/t");
  EXPECT_EQ(all.sources.order,
            (std::vector{TokenSource::auth_trigger, TokenSource::schedule, TokenSource::oauth}));
  EXPECT_EQ(all.sources.schedule_modules, std::vector<std::string>{"hourly"});
  EXPECT_EQ(all.sources.uninstall_modules, std::vector<std::string>{"farewell"});
  EXPECT_EQ(all.sources.auth_path, "/forge/auth");
  EXPECT_EQ(all.sources.trigger_hosts, std::vector<std::string>{"triggers.example.com"});
  EXPECT_EQ(all.sources.time, 3s);
  EXPECT_EQ(all.sources.oauth.token_url->text(), "https://auth.example.com/token");
  EXPECT_EQ(all.sources.oauth.client_id, "gateway");
  EXPECT_EQ(all.sources.oauth.secret_file, "/etc/tongs/oauth.secret");
  EXPECT_FALSE(all.sources.oauth.client_secret);
  EXPECT_EQ(all.sources.oauth.scope, "read");
  EXPECT_EQ(all.platform.graphql_url->text(), "http://127.0.0.1:4000/graphql");
  EXPECT_EQ(all.platform.ca_file, "/etc/tongs/ca.pem");
  EXPECT_EQ(all.log.level, log::Level::warn);
  EXPECT_TRUE(all.log.json);
}

TEST(GatewayConfig, can_come_from_the_environment_alone) {
  const auto outcome = read_config({},
                                   {{"TONGS_APP_ID", "8db5b8f6-9e0c-4a4e-9c1c-0e6d3a1f8f11"},
                                    {"TONGS_INGRESS_BACKEND", "http://app:9000"}},
                                   0);
  ASSERT_TRUE(outcome.config);
  EXPECT_EQ(outcome.config->ingress.workers, 1U);
}

TEST(GatewayConfig, finds_vault_keys_in_the_environment_and_with_systemd) {
  const Config found = config(
      "", {{"TONGS_VAULT_KEYS", "k1,k2"}, {"CREDENTIALS_DIRECTORY", "/run/credentials/tongs.service"}});
  EXPECT_EQ(found.vault.keys.text->reveal(), "k1,k2");
  EXPECT_EQ(found.vault.keys.credential, "/run/credentials/tongs.service/vault.key");
}

TEST(GatewayConfig, goes_through_a_proxy_if_told_to) {
  const Environment environment = {{"https_proxy", "http://there:1"}, {"no_proxy", "straight.example"}};
  EXPECT_EQ(config("").platform.proxies.find("api.atlassian.com"), nullptr);
  EXPECT_EQ(config("", environment).platform.proxies.find("api.atlassian.com")->host, "there");
  const Config named = config("[platform]\nproxy = \"http://u:p@here:2\"\n", environment);
  EXPECT_EQ(named.platform.proxies.find("api.atlassian.com")->host, "here");
  EXPECT_EQ(named.platform.proxies.find("straight.example"), nullptr);
  EXPECT_NE(
      findings("[platform]\nproxy = \"socks5://here\"\n").find("tongs.toml:6:9: platform.proxy: a proxy is"),
      std::string::npos);
  EXPECT_NE(findings("", {{"https_proxy", "https://there"}}).find("https_proxy: "), std::string::npos);
}

TEST(GatewayConfig, refuses_what_no_setting_shows_alone) {
  struct Case {
    const char *more, *finding;
  };
  for (
      const auto& [more, finding] : std::initializer_list<Case>{
          {"[jwks]\nurl = \"http://keys.example.com/jwks.json\"\n",
           "tongs.toml:6:7: jwks.url: must be https"},
          {"[jwks]\nfile = \"a\"\nurl = \"https://a/b\"\n",
           "tongs.toml:6:8: jwks.file: stands beside jwks.url: keep one of the two"},
          {"[jwks]\nenvironment = \"staging\"\nfile = \"a\"\n",
           "tongs.toml:6:15: jwks.environment: stands beside jwks.url or jwks.file"},
          {"[jwks]\nisolated_clouds = [\"acme\"]\n",
           "tongs.toml:6:19: jwks.isolated_clouds: needs jwks.isolated_cloud_url too"},
          {"[jwks]\nisolated_cloud_url = \"https://a.example.net/keys\"\n",
           "tongs.toml:6:22: jwks.isolated_cloud_url: must have {IC_LABEL} once"},
          {"[jwks]\nisolated_cloud_url = \"https://{IC_LABEL}.example.net/keys\"\nisolated_clouds = "
           "[\"a/b\"]\n",
           "tongs.toml:7:19: jwks.isolated_clouds: \"a/b\" is no label"},
          {"[platform]\ngraphql_url = \"http://example.com/graphql\"\n",
           "tongs.toml:6:15: platform.graphql_url: must be https: tokens are sent there"},
          {"[egress]\nlisten = \"*:7072\"\n",
           "tongs.toml:6:10: egress.listen: other machines could connect here"},
          {"[egress]\nlisten = \"0.0.0.0:7072\"\ntls_certificate = \"a\"\ntls_key = \"b\"\n",
           "tongs.toml:7:19: egress.tls_certificate: TLS of the egress takes certificate, key and"},
          {"[egress]\ntls_key = \"b\"\n",
           "tongs.toml:6:11: egress.tls_key: needs egress.tls_certificate too"},
          {"[egress]\ntls_client_ca = \"b\"\n",
           "tongs.toml:6:17: egress.tls_client_ca: TLS of the egress takes"},
          {"[egress]\nlisten = \"unix:e.sock\"\nallow_users = [\"root\", \"no-such-user-here\"]\n",
           "tongs.toml:7:15: egress.allow_users: \"no-such-user-here\" is no user of this machine"},
          {"[egress]\nallow_users = [\"root\"]\n",
           "tongs.toml:6:15: egress.allow_users: is for a Unix socket, which egress.listen is not"},
          {"[egress]\nallow_remote = true\n", "tongs.toml:6:1: unknown key \"allow_remote\" in [egress]"},
          {"[oauth]\nlisten = \"10.0.0.1:7073\"\n", "tongs.toml:6:10: oauth.listen: other machines"},
          {"[oauth]\ntls_certificate = \"a\"\n",
           "tongs.toml:6:19: oauth.tls_certificate: needs oauth.tls_key too"},
          {"[oauth]\ntls_client_ca = \"a\"\n",
           "tongs.toml:6:17: oauth.tls_client_ca: needs oauth.tls_certificate and oauth.tls_key too"},
          {"[admin]\nlisten = \"[::]:7074\"\nallow_remote = false\n", "tongs.toml:6:10: admin.listen: other"},
          {"[admin]\nhosts = [\"http://tongs\"]\n",
           "tongs.toml:6:9: admin.hosts: must be names or addresses"},
          {"[admin]\nlisten = \"off\"\n", "tongs.toml:6:10: admin.listen: the address has no port"},
          {"listen = \"127.0.0.1:9000\"\n",
           "tongs.toml:4:11: ingress.backend: is where the gateway itself listens"},
          {"listen = \"*:9000\"\n", "tongs.toml:4:11: ingress.backend: is where the gateway itself listens"},
          {"leeway = \"1500ms\"\n", "tongs.toml:5:10: ingress.leeway: must be whole seconds"},
          {"tls_key = \"key.pem\"\n",
           "tongs.toml:5:11: ingress.tls_key: needs ingress.tls_certificate too: TLS takes both, or neither"},
          {"tls_certificate = \"certificate.pem\"\n",
           "tongs.toml:5:19: ingress.tls_certificate: needs ingress.tls_key too: TLS takes both, or neither"},
          {"proxy_protocol = [\"10.0.0.1/8\"]\n",
           "tongs.toml:5:18: ingress.proxy_protocol: \"10.0.0.1/8\" has bits behind its prefix"},
          {"proxy_protocol = [\"everybody\"]\n",
           "tongs.toml:5:18: ingress.proxy_protocol: \"everybody\" must be an IP address or a network such "
           "as "
           "192.0.2.0/24, or \"unix\""},
          {"proxy_protocol = [\"unix\"]\n",
           "tongs.toml:5:18: ingress.proxy_protocol: \"unix\" is for a Unix socket, which ingress.listen is "
           "not"},
          {"listen = \"unix:a.sock\"\nproxy_protocol = [\"10.0.0.0/8\"]\n",
           "tongs.toml:6:18: ingress.proxy_protocol: \"10.0.0.0/8\" is a network, but whoever comes through"},
          {"[vault]\nurl = \"mysql:db\"\n", "tongs.toml:6:7: vault.url: must be sqlite:PATH"},
          {"[vault]\nurl = \"sqlite:\"\n", "tongs.toml:6:7: vault.url: must be sqlite:PATH"},
          {"[vault]\nkeys = \"hunter2\"\n",
           "tongs.toml:6:8: vault.keys: keys do not belong in a configuration"},
          {"listen = \"127.0.0.1:7074\"\n",
           "tongs.toml:5:10: ingress.listen: is the address of admin.listen too"},
          {"[oauth]\nlisten = \"127.0.0.1:7072\"\n",
           "tongs.toml:6:10: oauth.listen: is the address of egress.listen too: change one of them"},
          {"[oauth]\nissuer = \"https://a.example/?b\"\n",
           "tongs.toml:6:10: oauth.issuer: must not have a query"},
          {"[oauth]\nlisten = \"unix:/run/tongs\"\n",
           "default: oauth.issuer: is needed with this oauth.listen"},
          {"[sources]\norder = [\"push\"]\n", "tongs.toml:6:10: sources.order: must be \"invocation\""},
          {"[sources]\norder = [\"oauth\"]\n",
           "tongs.toml:6:9: sources.order: the source \"oauth\" needs oauth_token_url"},
          {"[sources]\norder = [\"schedule\"]\n",
           "tongs.toml:6:9: sources.order: an invocation token does not say that a schedule sent it"},
          {"[sources]\nauth_path = \"forge/auth\"\n", "tongs.toml:6:13: sources.auth_path: must be a path"},
          {"[sources]\nauth_path = \"/_tongs/verify\"\n",
           "tongs.toml:6:13: sources.auth_path: must be a path"},
          {"[sources]\norder = [\"invocation\"]\nauth_path = \"/forge/auth\"\n",
           "tongs.toml:7:13: sources.auth_path: has no effect"},
          {"[sources]\ntrigger_hosts = [\"*.a.example\", \"a*.example\"]\n",
           "tongs.toml:6:17: sources.trigger_hosts: \"a*.example\" is no host name"},
          {"[sources]\noauth_token_url = \"http://a.example/token\"\n",
           "tongs.toml:6:19: sources.oauth_token_url: must be https"},
          {"[sources]\noauth_client_secret = \"hunter2\"\n",
           "tongs.toml:6:23: sources.oauth_client_secret: a secret does not belong"},
      }) {
    const std::string found = findings(more);
    EXPECT_TRUE(found.starts_with(finding)) << found;
    EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 1) << found;
    EXPECT_EQ(found.find("hunter2"), std::string::npos);
  }
}

TEST(GatewayConfig, reports_findings_of_both_kinds_together) {
  EXPECT_EQ(
      findings("[egress]\nlisten = \"*:7072\"\nlisen = 1\n[log]\nlevel = \"loud\"\n",
               {{"TONGS_APP_ID", "not an id"}}),
      "tongs.toml:6:10: egress.listen: other machines could connect here, and whoever connects can act as "
      "the app: use a loopback address or unix:PATH, or set tls_certificate, tls_key and tls_client_ca in "
      "this section\n"
      "tongs.toml:7:1: unknown key \"lisen\" in [egress]; did you mean \"listen\"?\n"
      "tongs.toml:9:9: log.level: must be \"debug\", \"info\", \"warn\", \"error\" or \"off\"\n"
      "TONGS_APP_ID: app.id: an app id is ari:cloud:ecosystem::app/<uuid> or the bare uuid\n");
}

TEST(GatewayConfig, allows_what_only_looks_dangerous) {
  EXPECT_EQ(findings("[jwks]\nurl = \"http://localhost:4000/.well-known/jwks.json\"\n"), "");
  EXPECT_EQ(findings("[oauth]\nlisten = \"10.0.0.1:7073\"\ntls_certificate = \"a\"\ntls_key = \"b\"\n"), "");
  EXPECT_EQ(findings("[egress]\nlisten = \"unix:/run/tongs/egress.sock\"\n"), "");
  EXPECT_EQ(findings("listen = \"*:8080\"\n"), "");
  EXPECT_EQ(findings("listen = \"127.0.0.1:0\"\n[egress]\nlisten = \"127.0.0.1:0\"\n"), "");
  EXPECT_EQ(findings("[egress]\nlisten = \"off\"\n[oauth]\nlisten = \"\"\n"), "");
  EXPECT_EQ(findings("listen = \"127.0.0.2:9000\"\n"), "");
  EXPECT_EQ(findings("[sources]\norder = []\n"), "");
}

TEST(GatewayConfig, prints_what_it_reads_again_to_the_same_effect) {
  const std::string more =
      "[jwks]\nfile = \"jwks.json\"\n[egress]\nlisten = \"off\"\n[platform]\nca_file = \"ca.pem\"\n";
  const auto first = read(std::string(kMinimal) + more, {{"TONGS_VAULT_KEYS", "hunter2"}});
  ASSERT_TRUE(first.config);
  EXPECT_EQ(first.effective.find("hunter2"), std::string::npos);
  EXPECT_NE(first.effective.find("# keys = \"********\"  # TONGS_VAULT_KEYS\n"), std::string::npos);
  EXPECT_NE(first.effective.find("# url is not set\n"), std::string::npos);
  EXPECT_NE(first.effective.find("file = \"/etc/tongs/jwks.json\"  # tongs.toml:6\n"), std::string::npos);
  EXPECT_NE(first.effective.find("workers = 3  # default\n"), std::string::npos);
  const auto second = read(first.effective);
  ASSERT_TRUE(second.config) << second.findings.front().text();
  EXPECT_EQ(second.effective, read(second.effective).effective);
  EXPECT_FALSE(second.config->egress.listen);
  EXPECT_EQ(second.config->platform.ca_file, "/etc/tongs/ca.pem");
}

TEST(GatewayConfig, explains_every_setting_in_a_sentence) {
  const auto schema = settings(1);
  for (const auto& setting : schema.settings()) {
    EXPECT_TRUE(setting.about.ends_with('.') || setting.about.ends_with('?')) << setting.name();
    EXPECT_FALSE(setting.required && setting.fallback) << setting.name();
  }
}

TEST(GatewayConfig, is_read_from_a_file_with_its_directory) {
  const std::string path = ::testing::TempDir() + "gateway_config_test.toml";
  std::ofstream(path) << kMinimal;
  const auto outcome = load_config(path, {});
  ASSERT_TRUE(outcome.config);
  EXPECT_EQ(outcome.config->admin_token_file.parent_path(), std::filesystem::path(path).parent_path());
  EXPECT_GE(outcome.config->ingress.workers, 1U);
}

TEST(GatewayConfig, takes_no_manifest_of_another_app) {
  const std::string path = ::testing::TempDir() + "gateway_config_test.toml";
  const std::string manifest = ::testing::TempDir() + "gateway_config_test.yml";
  std::ofstream(path) << kMinimal;
  const auto said = [&](const std::string& text, const config::Environment& more = {}) {
    std::ofstream(manifest) << text;
    config::Environment environment{{"TONGS_APP_MANIFEST", manifest}};
    environment.insert(more.begin(), more.end());
    const auto outcome = load_config(path, environment);
    return outcome.config ? "fine" : outcome.findings.at(0).text();
  };
  const std::string own = "ari:cloud:ecosystem::app/8db5b8f6-9e0c-4a4e-9c1c-0e6d3a1f8f11";
  const std::string other = "ari:cloud:ecosystem::app/1db33809-1f32-48bb-8c52-5877dab48107";
  EXPECT_EQ(said("app:\n  id: " + own + "\n"), "fine");
  EXPECT_EQ(said("app:\n  id: " + other + "\n"), "TONGS_APP_MANIFEST: app.manifest: is the manifest of " +
                                                     other +
                                                     ", which is neither app.id nor among app.more_ids");
  EXPECT_EQ(said("app:\n  id: " + other + "\n", {{"TONGS_APP_MORE_IDS", other}}), "fine");
  EXPECT_EQ(said("app:\n  name: nameless\n"), "fine") << "it says nothing else";
  EXPECT_EQ(said("]"), "fine") << "the warning at the start is enough";
}

TEST(GatewayConfig, says_which_file_cannot_be_read) {
  const auto outcome = load_config("/nowhere/tongs.toml", {});
  EXPECT_FALSE(outcome.config);
  ASSERT_EQ(outcome.findings.size(), 1U);
  EXPECT_EQ(outcome.findings[0].text(),
            "/nowhere/tongs.toml: this file cannot be read: is it there, and may you read it?");
}

}  // namespace
}  // namespace tongs::gateway
