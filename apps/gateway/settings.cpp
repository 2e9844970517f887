#include "gateway/settings.hpp"

#include <algorithm>

#include "common/config/units.hpp"
#include "common/net/server.hpp"
#include "gateway/egress/options.hpp"
#include "gateway/ingress/backend_health.hpp"

namespace tongs::gateway {

namespace {

using config::Kind;
using config::Setting;

constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute;
constexpr std::int64_t kKiB = 1024, kMiB = 1024 * kKiB, kGiB = 1024 * kMiB;
constexpr std::int64_t kMaxWorkers = 256;

std::string size(std::uint64_t bytes) { return config::format_size(static_cast<std::int64_t>(bytes)); }

std::vector<Setting> app_settings() {
  return {{.section = "app",
           .key = "id",
           .about = "The id of the Forge app, as in its manifest: ari:cloud:ecosystem::app/<uuid>.",
           .required = true,
           .live = true},
          {.section = "app",
           .key = "more_ids",
           .kind = Kind::list,
           .about = "Further apps whose invocations this backend takes.",
           .fallback = "",
           .live = true},
          {.section = "app",
           .key = "manifest",
           .kind = Kind::path,
           .about = "Its manifest: which modules are schedules, and a warning if no token will stay fresh."}};
}

std::vector<Setting> ingress_settings(unsigned cores) {
  const HealthPolicy health;
  return {
      {.section = "ingress",
       .key = "listen",
       .kind = Kind::address,
       .about = "Where invocations come in.",
       .fallback = "127.0.0.1:8080"},
      {.section = "ingress",
       .key = "tls_certificate",
       .kind = Kind::path,
       .about = "A PEM file with the certificate of the ingress and those that vouch for it: with it, the "
                "ingress speaks TLS. It is read again on SIGHUP.",
       .live = true},
      {.section = "ingress",
       .key = "tls_key",
       .kind = Kind::path,
       .about = "A PEM file with the key of that certificate, not encrypted.",
       .live = true},
      {.section = "ingress",
       .key = "proxy_protocol",
       .kind = Kind::list,
       .about = "Networks of proxies that must begin each connection with a PROXY header (version 1 or 2), "
                "such as 10.0.0.0/8, or \"unix\" for whoever comes through a Unix socket; nobody else may.",
       .fallback = "",
       .live = true},
      {.section = "ingress",
       .key = "backend",
       .kind = Kind::url,
       .about = "Where verified requests go.",
       .required = true,
       .live = true},
      {.section = "ingress",
       .key = "routes",
       .kind = Kind::list,
       .about = "Other backends: \"/PATH -> URL\" or \"module:KEY -> URL\", with a timeout behind it if need "
                "be; the first that fits counts.",
       .fallback = "",
       .live = true},
      {.section = "ingress",
       .key = "workers",
       .kind = Kind::integer,
       .about = "Threads that verify and proxy; the default is one for each core.",
       .fallback = std::to_string(std::clamp<std::int64_t>(cores, 1, kMaxWorkers)),
       .least = 1,
       .most = kMaxWorkers},
      {.section = "ingress",
       .key = "forward_authorization",
       .kind = Kind::boolean,
       .about = "Does the backend get the invocation token itself, in its authorization header?",
       .fallback = "false",
       .live = true},
      {.section = "ingress",
       .key = "forward_oauth_tokens",
       .kind = Kind::boolean,
       .about = "Does the backend get the tokens of the x-forge-oauth headers?",
       .fallback = "false",
       .live = true},
      {.section = "ingress",
       .key = "backend_timeout",
       .kind = Kind::duration,
       .about = "How long the backend may take to begin its answer; Forge itself waits 25 seconds.",
       .fallback = "25s",
       .least = 100,
       .most = kHour,
       .live = true},
      {.section = "ingress",
       .key = "backend_failures",
       .kind = Kind::integer,
       .about = "After how many failed connections in a row a backend is left alone for a moment, so that "
                "requests are answered with 502 at once; 0: never.",
       .fallback = std::to_string(health.failures),
       .most = 1'000'000,
       .live = true},
      {.section = "ingress",
       .key = "backend_pause",
       .kind = Kind::duration,
       .about = "The longest such moment: it begins with 100ms and doubles until a backend is back.",
       .fallback = config::format_duration(health.longest_pause),
       .least = 100,
       .most = kHour,
       .live = true},
      {.section = "ingress",
       .key = "drain_time",
       .kind = Kind::duration,
       .about = "How long requests that are under way may take when the gateway is told to stop.",
       .fallback = "30s",
       .most = kHour},
      {.section = "ingress",
       .key = "leeway",
       .kind = Kind::duration,
       .about = "How far the clocks of Forge and of this machine may differ.",
       .fallback = "30s",
       .most = 10 * kMinute,
       .live = true},
      {.section = "ingress",
       .key = "allow_from",
       .kind = Kind::list,
       .about = "Networks that may call, such as 192.0.2.0/24; none: everybody, as the token decides.",
       .fallback = "",
       .live = true},
      {.section = "ingress",
       .key = "cors_origins",
       .kind = Kind::list,
       .about = "Pages that may call from a browser (requestRemote), such as https://app.example.com.",
       .fallback = "",
       .live = true},
      {.section = "ingress",
       .key = "refuse_replays",
       .kind = Kind::boolean,
       .about = "Is a token good for one request only? Forge itself sends one with several.",
       .fallback = "false",
       .live = true},
      {.section = "ingress",
       .key = "replay_tokens",
       .kind = Kind::integer,
       .about = "How many live tokens are remembered for that; beyond it, requests are answered with 503.",
       .fallback = "100000",
       .least = 1000,
       .most = 100'000'000},
      {.section = "ingress",
       .key = "remembered_tokens",
       .kind = Kind::integer,
       .about = "Verified tokens that each worker keeps, so that it need not verify them again.",
       .fallback = "1024",
       .least = 0,
       .most = 1'000'000},
  };
}

std::vector<Setting> limit_settings() {
  const net::ServerLimits limits;
  return {
      {.section = "ingress",
       .key = "head_bytes",
       .kind = Kind::size,
       .about = "The largest head of a request; it carries up to three tokens.",
       .fallback = size(limits.message.head_bytes),
       .least = 4 * kKiB,
       .most = kMiB},
      {.section = "ingress",
       .key = "body_bytes",
       .kind = Kind::size,
       .about = "The largest body of a request.",
       .fallback = size(limits.message.body_bytes),
       .most = 64 * kGiB},
      {.section = "ingress",
       .key = "head_time",
       .kind = Kind::duration,
       .about = "From the first byte of a head to its last, and from connecting to the end of a handshake.",
       .fallback = config::format_duration(limits.head_time),
       .least = 100,
       .most = kHour},
      {.section = "ingress",
       .key = "idle_time",
       .kind = Kind::duration,
       .about = "How long a connection may rest between two requests.",
       .fallback = config::format_duration(limits.idle_time),
       .least = 100,
       .most = 24 * kHour},
      {.section = "ingress",
       .key = "stall_time",
       .kind = Kind::duration,
       .about = "How long a body may stand still, in or out.",
       .fallback = config::format_duration(limits.stall_time),
       .least = 100,
       .most = 24 * kHour},
      {.section = "ingress",
       .key = "connections",
       .kind = Kind::integer,
       .about = "Open connections of each worker; more of them wait.",
       .fallback = std::to_string(limits.connections),
       .least = 1,
       .most = 1'000'000},
  };
}

std::vector<Setting> key_settings() {
  return {
      {.section = "jwks",
       .key = "environment",
       .about = "Which of Atlassian's clouds signs the invocations.",
       .fallback = "production",
       .allowed = {"production", "staging", "government", "government-staging"},
       .live = true},
      {.section = "jwks",
       .key = "url",
       .kind = Kind::url,
       .about = "Where the keys are that Forge signs with, in place of the environment's.",
       .live = true},
      {.section = "jwks",
       .key = "file",
       .kind = Kind::path,
       .about = "A file with these keys, in place of a URL.",
       .live = true},
      {.section = "jwks",
       .key = "isolated_cloud_url",
       .about = "Where the keys of an Isolated Cloud are, with {IC_LABEL} in place of its label.",
       .live = true},
      {.section = "jwks",
       .key = "isolated_clouds",
       .kind = Kind::list,
       .about = "The labels of the Isolated Clouds whose invocations are taken.",
       .fallback = "",
       .live = true},
  };
}

std::vector<Setting> vault_settings() {
  return {
      {.section = "vault",
       .key = "url",
       .about = "Where installations and tokens rest: sqlite:PATH, or memory: for until the gateway ends.",
       .fallback = "sqlite:tongs.db"},
      {.section = "vault",
       .key = "key_file",
       .kind = Kind::path,
       .about = "The file with the keys of the vault; created with a new vault.",
       .fallback = "vault.key"},
      {.section = "vault",
       .key = "keys",
       .about = "The keys themselves, in place of the file; only from the environment.",
       .secret = true},
      {.section = "vault",
       .key = "survive_power_loss",
       .kind = Kind::boolean,
       .about = "Does what was acknowledged survive a power cut too, at the price of slower writes?",
       .fallback = "false"},
  };
}

/// What egress, OAuth and admin listener have in common.
std::vector<Setting> listener_settings(std::string_view section, std::string_view about, const char* address,
                                       bool can_be_off) {
  return {
      {.section = section,
       .key = "listen",
       .kind = Kind::address,
       .about = about,
       .fallback = address,
       .can_be_off = can_be_off},
      {.section = section,
       .key = "hosts",
       .kind = Kind::list,
       .about = "Names by which it is called, beside localhost and its address.",
       .fallback = ""},
  };
}

Setting allow_remote(std::string_view section) {
  return {.section = section,
          .key = "allow_remote",
          .kind = Kind::boolean,
          .about = "May it listen where other machines can connect?",
          .fallback = "false"};
}

std::vector<Setting> egress_access_settings() {
  return {
      {.section = "egress",
       .key = "allow_users",
       .kind = Kind::list,
       .about =
           "Users, by name or number, that may call through a Unix socket, beside root and the gateway's "
           "own.",
       .fallback = ""},
      {.section = "egress",
       .key = "secret_file",
       .kind = Kind::path,
       .about =
           "A file with a secret that every call must have in its Tongs-Egress-Secret header; created if "
           "it is not there."},
      {.section = "egress",
       .key = "tls_certificate",
       .kind = Kind::path,
       .about = "A PEM file with the certificate of the egress: with it, other machines may call. It is read "
                "again on SIGHUP.",
       .live = true},
      {.section = "egress",
       .key = "tls_key",
       .kind = Kind::path,
       .about = "A PEM file with the key of that certificate, not encrypted.",
       .live = true},
      {.section = "egress",
       .key = "tls_client_ca",
       .kind = Kind::path,
       .about = "A PEM file with the authorities that vouch for those who may call.",
       .live = true},
      {.section = "egress",
       .key = "user_tokens",
       .about = "Which tokens of users that come with invocations are believed: those that name the user who "
                "invoked, any that did not come from a browser, or none.",
       .fallback = "proven",
       .allowed = {"proven", "any", "off"}},
      {.section = "egress",
       .key = "invocations",
       .kind = Kind::integer,
       .about = "Invocations that can be named by their id; beyond it, the oldest are forgotten.",
       .fallback = "10000",
       .least = 0,
       .most = 10'000'000},
  };
}

std::vector<Setting> egress_call_settings() {
  const EgressOptions options;
  const auto time = [](std::string_view key, const char* about, std::chrono::milliseconds fallback) {
    return Setting{.section = "egress",
                   .key = key,
                   .kind = Kind::duration,
                   .about = about,
                   .fallback = config::format_duration(fallback),
                   .least = 100,
                   .most = 24 * kHour};
  };
  const auto count = [](std::string_view key, const char* about, std::size_t fallback) {
    return Setting{.section = "egress",
                   .key = key,
                   .kind = Kind::integer,
                   .about = about,
                   .fallback = std::to_string(fallback),
                   .least = 1,
                   .most = 1'000'000};
  };
  return {
      time("time", "How long a call may take until its answer begins, token and turn included.",
           options.time),
      time("token_time", "How long a call may wait for a token.", options.token_time),
      time("queue_time", "How long a call may wait for its turn.", options.queue_time),
      time("stall_time", "How long a body may stand still, in or out.", options.stall_time),
      {.section = "egress",
       .key = "held_bytes",
       .kind = Kind::size,
       .about =
           "A body up to this is held, so that the call can be repeated after a 401; a longer one, or one "
           "of unknown length, is passed on as it comes, and a 401 is the answer.",
       .fallback = size(options.held_bytes),
       .most = kGiB},
      {.section = "egress",
       .key = "body_bytes",
       .kind = Kind::size,
       .about = "The largest body of a request.",
       .fallback = size(options.body_bytes),
       .most = 64 * kGiB},
      count("calls", "Calls to Atlassian at once.", options.calls.at_once),
      count("calls_each", "Calls at once of one installation.", options.calls.at_once_each),
      count("waiting_calls", "Calls that may wait for their turn; more are answered with 503.",
            options.calls.waiting),
      count("waiting_calls_each", "Calls of one installation that may wait; more are answered with 429.",
            options.calls.waiting_each),
      {.section = "egress",
       .key = "honour_retry_after",
       .kind = Kind::boolean,
       .about = "After a 429 or 503 with Retry-After, are further calls of that installation to that product "
                "answered here until then?",
       .fallback = "true"},
  };
}

std::vector<Setting> oauth_settings() {
  return {
      {.section = "oauth",
       .key = "tls_certificate",
       .kind = Kind::path,
       .about = "A PEM file with the certificate of the OAuth endpoints: with it, they speak TLS. It is read "
                "again on SIGHUP."},
      {.section = "oauth",
       .key = "tls_key",
       .kind = Kind::path,
       .about = "A PEM file with the key of that certificate, not encrypted."},
      {.section = "oauth",
       .key = "tls_client_ca",
       .kind = Kind::path,
       .about = "A PEM file with the authorities that vouch for clients: with it, a client may prove itself "
                "by a certificate in place of a secret."},
      {.section = "oauth",
       .key = "issuer",
       .kind = Kind::url,
       .about = "The URL by which clients know the OAuth endpoints; by default the address they listen on."},
      {.section = "oauth",
       .key = "credentials_dir",
       .kind = Kind::path,
       .about = "A directory that gets, for each new installation, a file <installation>.json with the "
                "credentials of a client."},
      {.section = "oauth",
       .key = "offline_access",
       .about = "Who consents to tokens for a new installation: whoever installs the app, or an admin.",
       .fallback = "on-install",
       .allowed = {"on-install", "admin-approval"}}};
}

std::vector<Setting> admin_settings() {
  return {{.section = "admin",
           .key = "token_file",
           .kind = Kind::path,
           .about = "The file with the bearer token of the admin interface; created if it is not there.",
           .fallback = "admin.token"}};
}

std::vector<Setting> source_settings() {
  return {
      {.section = "sources",
       .key = "order",
       .kind = Kind::list,
       .about =
           "Where system tokens come from: invocation is every call of Forge's own that brings one, schedule "
           "only those of scheduled triggers; auth-trigger and oauth are asked, in this order.",
       .fallback = "invocation, schedule, auth-trigger",
       .allowed = {"invocation", "schedule", "auth-trigger", "oauth"}},
      {.section = "sources",
       .key = "schedule_modules",
       .kind = Kind::list,
       .about = "Keys of the scheduledTrigger modules, beside those of app.manifest.",
       .fallback = ""},
      {.section = "sources",
       .key = "uninstall_modules",
       .kind = Kind::list,
       .about = "Keys of the preUninstall modules, beside those of app.manifest.",
       .fallback = ""},
      {.section = "sources",
       .key = "auth_path",
       .about =
           "The path of the ingress at which Forge leaves tokens that an auth trigger asked for, such as "
           "/forge/auth; unset: there is none."},
      {.section = "sources",
       .key = "trigger_hosts",
       .kind = Kind::list,
       .about = "Hosts of auth triggers, beside that of the installation's own API.",
       .fallback = "*.webtrigger.atlassian.app, *.hello.atlassian-dev.net"},
      {.section = "sources",
       .key = "time",
       .kind = Kind::duration,
       .about = "How long all sources together may take to bring a token.",
       .fallback = "8s",
       .least = 100,
       .most = kHour},
      {.section = "sources",
       .key = "oauth_token_url",
       .kind = Kind::url,
       .about = "The token endpoint of the source oauth (RFC 6749 4.4)."},
      {.section = "sources", .key = "oauth_client_id", .about = "Who the gateway is there."},
      {.section = "sources",
       .key = "oauth_secret_file",
       .kind = Kind::path,
       .about = "The file with its secret."},
      {.section = "sources",
       .key = "oauth_client_secret",
       .about = "The secret itself, in place of the file; only from the environment.",
       .secret = true},
      {.section = "sources",
       .key = "oauth_scope",
       .about = "The scope to ask for; unset: what the endpoint gives by itself."},
  };
}

std::vector<Setting> other_settings() {
  return {
      {.section = "platform",
       .key = "graphql_url",
       .kind = Kind::url,
       .about = "Where user tokens are asked for; by default at the apiBaseUrl of the installation."},
      {.section = "platform",
       .key = "ca_file",
       .kind = Kind::path,
       .about = "Certificate authorities (PEM) to trust in place of those of the system."},
      {.section = "platform",
       .key = "proxy",
       .about = "An HTTP proxy on the way to Atlassian, such as http://proxy.example.com:3128; by default as "
                "https_proxy and no_proxy in the environment say.",
       .secret = true},
      {.section = "platform",
       .key = "user_tokens_per_minute",
       .kind = Kind::integer,
       .about =
           "How many tokens of users may be asked for in a minute, all installations together; they take "
           "turns. Atlassian's own limit is for the app: several gateways share it. 0: no limit.",
       .fallback = "1000",
       .least = 0,
       .most = 1'000'000},
      {.section = "audit",
       .key = "file",
       .kind = Kind::path,
       .about = "The audit log; \"off\" for none. By default beside the vault, with the ending .audit.",
       .can_be_off = true},
      {.section = "log",
       .key = "level",
       .about = "What is logged at all.",
       .fallback = "info",
       .allowed = {"debug", "info", "warn", "error", "off"}},
      {.section = "log",
       .key = "format",
       .about = "How lines of the log are written.",
       .fallback = "text",
       .allowed = {"text", "json"}},
      {.section = "log",
       .key = "access_file",
       .kind = Kind::path,
       .about = "A file that gets a line of JSON for each request to the ingress."},
      {.section = "log",
       .key = "access_personal",
       .kind = Kind::boolean,
       .about = "Do these lines name the account and the address of the caller?",
       .fallback = "false"},
  };
}

}  // namespace

config::Schema settings(unsigned cores) {
  std::vector<Setting> all;
  const auto add = [&all](std::vector<Setting> more) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
  };
  add(app_settings());
  add(ingress_settings(cores));
  add(limit_settings());
  add(key_settings());
  add(vault_settings());
  add(listener_settings("egress", "The local proxy to the APIs of Atlassian; \"off\" for none.",
                        "127.0.0.1:7072", true));
  add(egress_access_settings());
  add(egress_call_settings());
  add(listener_settings("oauth", "The OAuth 2.0 endpoints that give tokens to backends; \"off\" for none.",
                        "127.0.0.1:7073", true));
  add({allow_remote("oauth")});
  add(oauth_settings());
  add(listener_settings("admin", "Health, metrics and administration.", "127.0.0.1:7074", false));
  add({allow_remote("admin")});
  add(admin_settings());
  add(source_settings());
  add(other_settings());
  return config::Schema(std::move(all));
}

}  // namespace tongs::gateway
