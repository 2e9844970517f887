#include "gateway/config_checks.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <utility>

#include <tongs/ids.hpp>
#include <tongs/json.hpp>

#include "common/net/networks.hpp"
#include "gateway/ingress/cors.hpp"
#include "gateway/ingress/key_places.hpp"
#include "gateway/ingress/routes.hpp"
#include "gateway/settings.hpp"
#include "gateway/users.hpp"
#include "http/host.hpp"
#include "http/url.hpp"

namespace tongs::gateway {

namespace {

using config::Finding;
using config::Origin;
using config::Values;
using Findings = std::vector<Finding>;

void check_app(const Values& values, Findings& findings) {
  const auto* text = values.find<std::string>("app", "id");
  if (!text) return;
  if (const auto id = AppId::parse(*text); !id) {
    findings.push_back(values.finding("app", "id", id.error().message()));
  }
}

/// `judge` says what is wrong with an element of a list, or nothing.
template <class Judge>
void check_list(const Values& values, std::string_view section, std::string_view key, Findings& findings,
                Judge judge) {
  const auto* list = values.find<config::Strings>(section, key);
  if (!list) return;
  for (const std::string& element : *list) {
    const std::string wrong(judge(element));
    if (!wrong.empty()) findings.push_back(values.finding(section, key, json_quote(element) + " " + wrong));
  }
}

template <class T>
std::string complaint(const Result<T>& result) {
  return result ? std::string() : std::string(result.error().message());
}

void check_lists(const Values& values, Findings& findings) {
  check_list(values, "app", "more_ids", findings,
             [](const std::string& id) { return complaint(AppId::parse(id)); });
  check_list(values, "ingress", "routes", findings,
             [](const std::string& line) { return complaint(Route::parse(line)); });
  check_list(values, "ingress", "allow_from", findings,
             [](const std::string& text) { return complaint(net::Networks().add(text)); });
  check_list(values, "ingress", "cors_origins", findings, [](const std::string& origin) {
    const char* wrong = Cors::check_origin(origin);
    return std::string(wrong ? wrong : "");
  });
}

bool has_path(const Values& values, std::string_view section, std::string_view key) {
  return values.find<std::filesystem::path>(section, key) != nullptr;
}

void check_tls(const Values& values, std::string_view section, Findings& findings) {
  std::string_view present = "tls_certificate", missing = "tls_key";
  if (has_path(values, section, present) == has_path(values, section, missing)) return;
  if (!has_path(values, section, present)) std::swap(present, missing);
  findings.push_back(values.finding(section, present,
                                    std::string("needs ").append(section).append(".").append(missing) +
                                        " too: TLS takes both, or neither"));
}

/// Other machines may call if they show by a certificate who they are, and in no other way.
void check_egress(const Values& values, Findings& findings) {
  check_tls(values, "egress", findings);
  const bool has_tls = has_path(values, "egress", "tls_certificate");
  const bool has_clients = has_path(values, "egress", "tls_client_ca");
  if (has_tls != has_clients) {
    findings.push_back(values.finding("egress", has_tls ? "tls_certificate" : "tls_client_ca",
                                      "TLS of the egress takes certificate, key and tls_client_ca together: "
                                      "whoever calls has to show a certificate too"));
  }
  const auto* listen = values.find<net::ListenAddress>("egress", "listen");
  if (listen && !listen->is_local() && !has_tls && !has_clients) {
    findings.push_back(
        values.finding("egress", "listen",
                       "other machines could connect here, and whoever connects can act as the app: use a "
                       "loopback address or "
                       "unix:PATH, or set tls_certificate, tls_key and tls_client_ca in this section"));
  }
  check_list(values, "egress", "allow_users", findings, [](const std::string& user) {
    return std::string(uid_of(user) ? "" : "is no user of this machine, nor a number");
  });
  const auto* users = values.find<config::Strings>("egress", "allow_users");
  if (users && !users->empty() && listen && !listen->is_unix()) {
    findings.push_back(
        values.finding("egress", "allow_users",
                       "is for a Unix socket, which egress.listen is not: nobody can tell whose "
                       "process a TCP connection belongs to"));
  }
}

/// Networks are of use on a TCP socket, the word for a Unix socket on a Unix socket.
void check_proxies(const Values& values, Findings& findings) {
  const auto* listen = values.find<net::ListenAddress>("ingress", "listen");
  check_list(values, "ingress", "proxy_protocol", findings, [&](const std::string& text) -> std::string {
    const bool is_unix = text == kUnixProxy;
    if (!is_unix) {
      const auto added = net::Networks().add(text);
      if (!added) return std::string(added.error().message()) + ", or \"unix\"";
    }
    if (!listen || is_unix == listen->is_unix()) return {};
    return is_unix
               ? "is for a Unix socket, which ingress.listen is not"
               : "is a network, but whoever comes through the Unix socket of ingress.listen has no address: "
                 "write \"unix\"";
  });
}

bool is_wildcard(const net::ListenAddress& address) {
  return address.host == "::" || address.host == "0.0.0.0";
}

/// Would a connection to `url` come in at `listen`?
bool leads_to(const detail::Url& url, const net::ListenAddress& listen) {
  if (listen.is_unix() || url.port != listen.port || !detail::is_loopback(url)) return false;
  if (is_wildcard(listen)) return true;
  if (url.host == "localhost") return listen.is_local();
  return url.host == listen.host || url.host == '[' + listen.host + ']';
}

void check_backend(const Values& values, Findings& findings) {
  const auto* backend = values.find<detail::Url>("ingress", "backend");
  const auto* listen = values.find<net::ListenAddress>("ingress", "listen");
  if (backend && !backend->query.empty()) {
    findings.push_back(values.finding("ingress", "backend", "must not have a query (?…)"));
  }
  if (backend && listen && leads_to(*backend, *listen)) {
    findings.push_back(values.finding(
        "ingress", "backend",
        "is where the gateway itself listens: requests would go round in circles; change one of the ports"));
  }
}

void check_leeway(const Values& values, Findings& findings) {
  const auto* leeway = values.find<std::chrono::milliseconds>("ingress", "leeway");
  if (leeway && *leeway % std::chrono::seconds(1) != std::chrono::milliseconds(0)) {
    findings.push_back(
        values.finding("ingress", "leeway", "must be whole seconds, as the times in a token are"));
  }
}

void check_jwks(const Values& values, Findings& findings) {
  const auto* url = values.find<detail::Url>("jwks", "url");
  if (url && !detail::is_https_or_loopback(*url)) {
    findings.push_back(values.finding(
        "jwks", "url", "must be https: whoever can change the keys on their way can forge every invocation"));
  }
  const bool has_file = values.find<std::filesystem::path>("jwks", "file") != nullptr;
  if (url && has_file) {
    findings.push_back(values.finding("jwks", "file", "stands beside jwks.url: keep one of the two"));
  }
  if ((url || has_file) && values.origin("jwks", "environment").kind != Origin::Kind::fallback) {
    findings.push_back(values.finding("jwks", "environment",
                                      "stands beside jwks.url or jwks.file, which say where the keys are: "
                                      "keep one of them"));
  }
}

void check_isolated_clouds(const Values& values, Findings& findings) {
  const auto* pattern = values.find<std::string>("jwks", "isolated_cloud_url");
  const auto* labels = values.find<config::Strings>("jwks", "isolated_clouds");
  if (pattern) {
    const auto url = isolated_cloud_url(*pattern, "label");
    if (!url) findings.push_back(values.finding("jwks", "isolated_cloud_url", url.error().message()));
  } else if (labels && !labels->empty()) {
    findings.push_back(values.finding(
        "jwks", "isolated_clouds",
        "needs jwks.isolated_cloud_url too: Atlassian tells it when you join an Isolated Cloud"));
  }
  check_list(values, "jwks", "isolated_clouds", findings, [](const std::string& label) {
    return std::string(
        is_isolated_cloud_label(label) ? "" : "is no label: 1 to 50 lower-case letters, digits, - and _");
  });
}

void check_vault(const Values& values, Findings& findings) {
  const auto* url = values.find<std::string>("vault", "url");
  constexpr std::string_view sqlite = "sqlite:";
  const bool known = url && (*url == "memory:" || (url->starts_with(sqlite) && url->size() > sqlite.size()));
  if (url && !known) {
    findings.push_back(
        values.finding("vault", "url", "must be sqlite:PATH, such as \"sqlite:tongs.db\", or memory:"));
  }
  if (values.find<Secret>("vault", "keys") && values.origin("vault", "keys").kind == Origin::Kind::file) {
    findings.push_back(values.finding(
        "vault", "keys",
        "keys do not belong in a configuration file: put them into vault.key_file or TONGS_VAULT_KEYS"));
  }
}

void check_platform(const Values& values, Findings& findings) {
  const auto* url = values.find<detail::Url>("platform", "graphql_url");
  if (url && !detail::is_https_or_loopback(*url)) {
    findings.push_back(values.finding("platform", "graphql_url", "must be https: tokens are sent there"));
  }
}

bool has_source(const Values& values, std::string_view wanted) {
  const auto* order = values.find<config::Strings>("sources", "order");
  return order && std::find(order->begin(), order->end(), wanted) != order->end();
}

void check_auth_trigger(const Values& values, Findings& findings) {
  const auto* path = values.find<std::string>("sources", "auth_path");
  if (path && (!path->starts_with('/') || path->starts_with("/_tongs/") || detail::has_dot_segment(*path) ||
               path->find('?') != std::string::npos)) {
    findings.push_back(values.finding("sources", "auth_path",
                                      "must be a path, such as \"/forge/auth\", outside of /_tongs/"));
  }
  if (path && !has_source(values, "auth-trigger")) {
    findings.push_back(values.finding("sources", "auth_path",
                                      "has no effect: sources.order does not name \"auth-trigger\""));
  }
  check_list(values, "sources", "trigger_hosts", findings, [](const std::string& pattern) {
    const std::string_view host = std::string_view(pattern).substr(pattern.starts_with("*.") ? 2 : 0);
    return std::string(detail::canonical_host(host) == host ? "" : "is no host name, nor one after *.");
  });
}

void check_oauth_source(const Values& values, Findings& findings) {
  const auto* url = values.find<detail::Url>("sources", "oauth_token_url");
  const bool has_secret = values.find<Secret>("sources", "oauth_client_secret") != nullptr;
  if (url && !detail::is_https_or_loopback(*url)) {
    findings.push_back(
        values.finding("sources", "oauth_token_url", "must be https: the client's secret is sent there"));
  }
  if (has_secret && values.origin("sources", "oauth_client_secret").kind == Origin::Kind::file) {
    findings.push_back(values.finding("sources", "oauth_client_secret",
                                      "a secret does not belong in a configuration file: put it into "
                                      "sources.oauth_secret_file or TONGS_SOURCES_OAUTH_CLIENT_SECRET"));
  }
  if (!has_source(values, "oauth")) return;
  const bool complete = url && values.find<std::string>("sources", "oauth_client_id") &&
                        (has_secret || values.find<std::filesystem::path>("sources", "oauth_secret_file"));
  if (!complete) {
    findings.push_back(values.finding("sources", "order",
                                      "the source \"oauth\" needs oauth_token_url, oauth_client_id and "
                                      "oauth_secret_file in this section"));
  }
}

void check_sources(const Values& values, Findings& findings) {
  check_auth_trigger(values, findings);
  check_oauth_source(values, findings);
  const auto* modules = values.find<config::Strings>("sources", "schedule_modules");
  const bool told_apart = (modules && !modules->empty()) || has_source(values, "invocation") ||
                          values.find<std::filesystem::path>("app", "manifest");
  if (has_source(values, "schedule") && !told_apart) {
    findings.push_back(values.finding(
        "sources", "order",
        "an invocation token does not say that a schedule sent it: name the keys of the scheduledTrigger "
        "modules in sources.schedule_modules, or the app.manifest that does, or take tokens from every "
        "\"invocation\""));
  }
}

/// Clients prove themselves one by one, so TLS is enough to let other machines call.
void check_oauth_tls(const Values& values, Findings& findings) {
  check_tls(values, "oauth", findings);
  if (has_path(values, "oauth", "tls_client_ca") && !has_path(values, "oauth", "tls_certificate")) {
    findings.push_back(values.finding("oauth", "tls_client_ca",
                                      "needs oauth.tls_certificate and oauth.tls_key too: certificates of "
                                      "clients are a part of TLS"));
  }
}

void check_issuer(const Values& values, Findings& findings) {
  const auto* issuer = values.find<detail::Url>("oauth", "issuer");
  if (issuer && !issuer->query.empty()) {
    findings.push_back(values.finding("oauth", "issuer", "must not have a query (?…): RFC 8414"));
  }
  const auto* listen = values.find<net::ListenAddress>("oauth", "listen");
  if (listen && !issuer && (listen->is_unix() || is_wildcard(*listen))) {
    findings.push_back(values.finding(
        "oauth", "issuer",
        "is needed with this oauth.listen, which is no address that a client can call: set the URL by which "
        "clients call"));
  }
}

void check_local_listener(const Values& values, std::string_view section, Findings& findings) {
  const auto* listen = values.find<net::ListenAddress>(section, "listen");
  const bool* allow_remote = section == "egress" ? nullptr : values.find<bool>(section, "allow_remote");
  const bool has_tls = section == "oauth" && has_path(values, section, "tls_certificate");
  if (listen && !listen->is_local() && allow_remote && !*allow_remote && !has_tls) {
    findings.push_back(
        values.finding(section, "listen",
                       "other machines could connect here, and whoever connects can act as the app: use a "
                       "loopback address or "
                       "unix:PATH, or, behind a firewall, set allow_remote = true in this section"));
  }
  const auto* hosts = values.find<config::Strings>(section, "hosts");
  if (!hosts) return;
  for (const std::string& host : *hosts) {
    if (detail::canonical_host(host)) continue;
    findings.push_back(values.finding(section, "hosts", "must be names or addresses, without a port"));
  }
}

bool collide(const net::ListenAddress& a, const net::ListenAddress& b) {
  if (a.is_unix() || b.is_unix()) return a.unix_path == b.unix_path;
  return a.port != 0 && a.port == b.port && (a.host == b.host || is_wildcard(a) || is_wildcard(b));
}

/// Says it of the one that somebody wrote, if the other one is a fallback.
void check_collision(const Values& values, std::string_view one, std::string_view other, Findings& findings) {
  const auto* first = values.find<net::ListenAddress>(one, "listen");
  const auto* second = values.find<net::ListenAddress>(other, "listen");
  if (!first || !second || !collide(*first, *second)) return;
  if (values.origin(other, "listen").kind == Origin::Kind::fallback) std::swap(one, other);
  findings.push_back(values.finding(
      other, "listen", "is the address of " + std::string(one) + ".listen too: change one of them"));
}

}  // namespace

void check(const Values& values, Findings& findings) {
  check_app(values, findings);
  check_lists(values, findings);
  check_tls(values, "ingress", findings);
  check_egress(values, findings);
  check_proxies(values, findings);
  check_backend(values, findings);
  check_leeway(values, findings);
  check_jwks(values, findings);
  check_isolated_clouds(values, findings);
  check_vault(values, findings);
  check_platform(values, findings);
  check_sources(values, findings);
  check_oauth_tls(values, findings);
  check_issuer(values, findings);
  for (const std::string_view section : {"egress", "oauth", "admin"}) {
    check_local_listener(values, section, findings);
  }
  constexpr std::array<std::string_view, 4> listeners = {"ingress", "egress", "oauth", "admin"};
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) check_collision(values, listeners[j], listeners[i], findings);
  }
}

}  // namespace tongs::gateway
