#include "gateway/egress/egress.hpp"

#include <array>
#include <variant>

#include <tongs/http.hpp>

#include "common/log.hpp"
#include "common/net/transport.hpp"
#include "gateway/egress/installations.hpp"
#include "gateway/egress/token_query.hpp"
#include "gateway/egress/upstream_headers.hpp"
#include "gateway/problem.hpp"
#include "gateway/proxying.hpp"
#include "http/url.hpp"

namespace tongs::gateway {

namespace {

constexpr std::size_t kMaxTokenQuery = 64 * 1024;
constexpr std::string_view kAuthorization = "forge-proxy-authorization";
constexpr std::array<std::string_view, 3> kProducts = {"jira", "confluence", "bitbucket"};

Result<ProxyAuthorization> caller_of(const net::RequestHead& request) {
  const auto value = request.fields.find(kAuthorization);
  if (!value) {
    return Error(Errc::invalid_argument,
                 "forge-proxy-authorization is missing; write Forge as=app,installationId=<uuid> or "
                 "Forge as=user,accountId=<id>,installationId=<uuid>");
  }
  if (request.fields.count(kAuthorization) > 1) {
    return Error(Errc::invalid_argument, "there are two forge-proxy-authorization headers: send one");
  }
  return ProxyAuthorization::parse(*value);
}

/// The rest of a path below `/<name>`: starts with `/`; nothing if the path is elsewhere.
std::optional<std::string_view> below(std::string_view path, std::string_view name) noexcept {
  if (!path.starts_with('/') || !path.substr(1).starts_with(name)) return std::nullopt;
  const std::string_view rest = path.substr(1 + name.size());
  if (rest.empty() || rest.front() != '/') return std::nullopt;
  return rest;
}

/// `query`: empty, or with its `?`.
std::string with_query(std::string url, std::string_view query) {
  if (query.empty()) return url;
  const char separator = url.find('?') == std::string::npos ? '?' : '&';
  return url.append(1, separator).append(query.substr(1));
}

/// The base of a product's API for this installation; empty if it is not installed there.
std::string_view api_base_url(const vault::Installation& installation, std::string_view product) noexcept {
  for (const vault::ProductContext& context : installation.contexts) {
    if (context.name == product) return context.api_base_url;
  }
  const std::string& own = installation.api_base_url;
  return own.find("/ex/" + std::string(product) + "/") != std::string::npos ? own : std::string_view{};
}

/// A 401 that another token will not heal (contract 7.5).
bool wrong_scope(const net::ResponseHead& head) noexcept {
  return head.fields.find("x-failure-category") == "FAILURE_CLIENT_SCOPE_CHECK";
}

}  // namespace

/// What a call is authorised with, so that it can be taken back after a 401.
struct Egress::Credential {
  InstallationId installation;
  std::variant<std::shared_ptr<const vault::Token>, AccessToken> token;

  std::string_view reveal() const noexcept {
    if (const auto* user = std::get_if<AccessToken>(&token)) return user->reveal();
    return std::get<0>(token)->secret.reveal();
  }
};

Egress::Egress(net::Reactor& reactor, net::LocalGuard guard, Broker& broker, EgressMetrics& metrics,
               EgressOptions options, net::Ways ways, std::shared_ptr<AuditLog> audit)
    : guard_(std::move(guard)),
      broker_(broker),
      metrics_(metrics),
      options_(options),
      client_(reactor, options.limits, std::move(ways)),
      audit_(std::move(audit)) {}

net::Task<> Egress::handle(net::Exchange& exchange) {
  auto refusal = guard_.refusal(exchange.request());
  if (!refusal) refusal = refused_method(exchange.request().method);
  if (refusal) {
    (void)co_await exchange.respond(*std::move(refusal));  // the caller may have left
    co_return;
  }
  auto handled = co_await route(exchange);
  if (handled || exchange.answered() || exchange.body_failed()) co_return;
  const Error& failure = handled.error();
  metrics_.refused.add(to_string(failure.code()));
  note_refusal(exchange.request(), failure);
  log::info("an egress call was refused",
            {{"reason", to_string(failure.code())}, {"detail", failure.describe()}});
  net::Response answer = problem(failure);
  (void)co_await exchange.respond(std::move(answer));  // the caller may have left
}

net::Task<Result<void>> Egress::route(net::Exchange& exchange) {
  const net::RequestHead& request = exchange.request();
  const std::string_view path = request.path();
  constexpr std::string_view one_installation = "/v1/installation/";
  if (path == "/v1/installations") {
    co_return co_await reply(exchange, list_installations(broker_.vault(), request.query()));
  }
  if (path.starts_with(one_installation)) {
    co_return co_await reply(exchange,
                             show_installation(broker_.vault(), path.substr(one_installation.size())));
  }
  auto caller = caller_of(request);
  if (!caller) co_return std::move(caller).error();
  if (path == "/graphql" && request.method == "POST")
    co_return co_await give_token(exchange, *std::move(caller));
  auto url = upstream_url(*caller, request.target);
  if (!url) co_return std::move(url).error();
  co_return co_await pass_on(exchange, *std::move(url), *std::move(caller));
}

net::Task<Result<void>> Egress::reply(net::Exchange& exchange, Result<net::Response> response) {
  if (!response) co_return std::move(response).error();
  if (exchange.request().method != "GET") {
    co_return co_await exchange.respond(net::Response::problem(405, "method-not-allowed", "use GET"));
  }
  co_return co_await exchange.respond(*std::move(response));
}

/// All of them under one consent: if it changes while the last ones come, the first ones are asked for anew.
net::Task<Egress::UserTokens> Egress::user_tokens(InstallationId installation,
                                                  std::vector<AccountId> accounts) {
  for (;;) {
    UserTokens tokens;
    const auto before = broker_.changes_of_consent(installation);
    for (const AccountId& account : accounts) {
      auto token =
          co_await broker_.user_token(installation, account, net::Steady::now() + options_.token_time);
      tokens.emplace(account, std::move(token));
    }
    if (broker_.changes_of_consent(installation) == before) co_return tokens;
  }
}

net::Task<Result<void>> Egress::give_token(net::Exchange& exchange, ProxyAuthorization caller) {
  if (!caller.installation) {
    co_return Error(Errc::invalid_argument,
                    "forge-proxy-authorization must name the installation for this call");
  }
  auto body = co_await exchange.read_whole_body(kMaxTokenQuery);
  if (!body) co_return std::move(body).error();
  auto query = TokenQuery::parse(*body);
  if (!query) co_return std::move(query).error();
  const auto tokens = co_await user_tokens(*caller.installation, query->accounts());
  note(*caller.installation, tokens);
  net::Response answer = query->answer(tokens);
  co_return co_await exchange.respond(std::move(answer));
}

Result<std::string> Egress::upstream_url(const ProxyAuthorization& caller, std::string_view target) const {
  if (!caller.installation) {
    return Error(
        Errc::invalid_argument,
        "this gateway does not know invocations by id; name the installation: installationId=<uuid>");
  }
  auto installation = broker_.serving(*caller.installation);
  if (!installation) return std::move(installation).error();
  const std::string_view path = target.substr(0, target.find('?'));
  if (path == "/atlassian/graphql" || path == "/atlassian/graphql/") {
    return broker_.graphql_url(**installation).transform([&](std::string to) {
      return with_query(std::move(to), target.substr(path.size()));
    });
  }
  for (const std::string_view product : kProducts) {
    if (!below(path, product)) continue;
    auto base = detail::parse_base_url(api_base_url(**installation, product));
    if (!base) {
      return Error(Errc::not_found, "the app is not installed in that product on this site");
    }
    return detail::join(*base, target.substr(1 + product.size()));
  }
  return Error(
      Errc::not_found,
      "nothing is served here: call /jira/…, /confluence/…, /bitbucket/…, /atlassian/graphql, /graphql or "
      "/v1/installations");
}

net::Task<Result<Egress::Credential>> Egress::credential_for(const ProxyAuthorization& caller) {
  const InstallationId& installation = *caller.installation;
  if (!caller.as_user) {
    auto token = broker_.system_token(installation);
    if (!token) co_return std::move(token).error();
    co_return Credential{installation, *std::move(token)};
  }
  if (!caller.account) {
    co_return Error(Errc::invalid_argument, "as=user needs accountId=<account id>");
  }
  auto token =
      co_await broker_.user_token(installation, *caller.account, net::Steady::now() + options_.token_time);
  if (!token) co_return std::move(token).error();
  co_return Credential{installation, *std::move(token)};
}

/// A refusal for want of consent is on record, whatever was asked for.
void Egress::note_refusal(const net::RequestHead& request, const Error& failure) {
  if (failure.code() != Errc::forbidden) return;
  const auto caller = caller_of(request);
  if (!caller || !caller->installation) return;
  audit_->add({.kind = AuditKind::token_given,
               .outcome = AuditOutcome::refused,
               .installation = std::string(caller->installation->bare()),
               .account = caller->account ? caller->account->str() : std::string(),
               .actor = "egress",
               .reason = std::string(to_string(failure.code()))});
}

void Egress::note(const InstallationId& installation, const UserTokens& given) {
  for (const auto& [account, token] : given) {
    AuditEvent event{.kind = AuditKind::token_given,
                     .installation = std::string(installation.bare()),
                     .account = account.str(),
                     .actor = "egress"};
    if (!token) {
      event.outcome = AuditOutcome::refused;
      event.reason = to_string(token.error().code());
    }
    audit_->add(std::move(event));
  }
}

void Egress::reject(const Credential& credential) {
  if (const auto* user = std::get_if<AccessToken>(&credential.token)) {
    broker_.reject(credential.installation, *user);
  } else {
    broker_.reject(credential.installation, std::get<0>(credential.token));
  }
}

net::Task<Result<void>> Egress::pass_on(net::Exchange& exchange, std::string url, ProxyAuthorization caller) {
  auto endpoint = net::parse_endpoint(url);
  if (!endpoint) co_return std::move(endpoint).error();
  auto body = co_await exchange.read_whole_body(options_.body_bytes);
  if (!body) co_return std::move(body).error();
  auto credential = co_await credential_for(caller);
  for (bool again = true;; again = false) {
    if (!credential) co_return std::move(credential).error();
    auto call = co_await call_with(exchange, *endpoint, *body, *credential);
    if (!call) co_return std::move(call).error();
    metrics_.answered(call->head().status);
    if (call->head().status == 401 && again && !wrong_scope(call->head())) {
      reject(*credential);
      auto other = co_await credential_for(caller);
      // A 401 means that the call did not run. Without another token it is the answer (contract 7.5.1).
      const bool worth_it = other && other->reveal() != credential->reveal();
      if (worth_it) {
        credential = std::move(other);
        continue;
      }
    }
    const net::HeaderText lines = response_lines(call->head());
    auto passed = co_await pass_back(exchange, *call, lines.text());
    if (!passed) co_await answer_broken(exchange, std::move(passed).error());
    co_return Result<void>{};
  }
}

net::Task<> Egress::answer_broken(net::Exchange& exchange, Error failure) {
  metrics_.broken.add();
  log::warn("an answer of Atlassian broke off", {{"reason", failure.describe()}});
  if (exchange.answered()) co_return;
  net::Response answer = problem(failure);
  (void)co_await exchange.respond(std::move(answer));  // the caller may have left
}

net::Task<Result<net::Call>> Egress::call_with(net::Exchange& exchange, const net::Endpoint& endpoint,
                                               const std::string& body, const Credential& credential) {
  const net::RequestHead& request = exchange.request();
  const net::HeaderText lines = upstream_headers(request, endpoint.to, credential.reveal());
  const net::RequestText text{.method = request.method,
                              .target = endpoint.target,
                              .header_lines = lines.text(),
                              .length = body.size(),
                              .replayable = is_idempotent(request.method)};
  co_return co_await client_.send(endpoint.to, text, body, net::Steady::now() + options_.upstream_time);
}

}  // namespace tongs::gateway
