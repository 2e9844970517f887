#include "gateway/egress/egress.hpp"

#include <utility>

#include "common/log.hpp"
#include "gateway/egress/installations.hpp"
#include "gateway/egress/token_query.hpp"
#include "gateway/problem.hpp"
#include "gateway/proxying.hpp"

namespace tongs::gateway {

namespace {

constexpr std::size_t kMaxTokenQuery = 64 * 1024;

Error nothing_there() {
  return {Errc::not_found,
          "nothing is served here: call /jira/…, /confluence/…, /bitbucket/…, /atlassian/graphql, "
          "/forge/storage/kvs/v1/…, /graphql, /invocation/context or /v1/installations"};
}

/// For itself, without a token: it must not wait for anything.
std::optional<net::Response> refused_request(const net::RequestHead& request) {
  if (auto refusal = refused_method(request.method)) return refusal;
  return refused_place(request.path());
}

/// Storage belongs to the app, not to its users (contract 3.4.4).
bool needs_app(Api api) noexcept { return api == Api::storage; }

}  // namespace

Egress::Egress(Parts parts, Admission admission, const EgressOptions& options, net::Ways ways)
    : broker_(parts.broker),
      invocations_(parts.invocations),
      metrics_(parts.metrics),
      admission_(std::move(admission)),
      options_(options),
      audit_(std::move(parts.audit)),
      quotas_(parts.registry),
      upstreams_(parts.broker),
      relay_({parts.reactor, parts.broker, parts.invocations, parts.metrics, quotas_}, options,
             std::move(ways)) {
  auto& running = parts.registry.gauge("tongs_egress_calls", "Calls to Atlassian under way.");
  auto& waiting = parts.registry.gauge("tongs_egress_waiting_calls", "Calls that wait for their turn.");
  parts.registry.before_reading([this, &running, &waiting] {
    running.set(static_cast<double>(relay_.lanes().running()));
    waiting.set(static_cast<double>(relay_.lanes().waiting()));
  });
}

CallerContext Egress::context() const {
  return {broker_, invocations_, issued_, Clock::system()->wall_now()};
}

net::Task<> Egress::handle(net::Exchange& exchange) {
  const net::RequestHead& request = exchange.request();
  auto stranger = admission_.refusal(request, exchange.peer());
  if (stranger) metrics_.refused.add(stranger->reason);
  auto refusal = stranger ? std::optional(std::move(stranger->answer)) : refused_request(request);
  if (refusal) {
    (void)co_await exchange.respond(*std::move(refusal));  // the caller may have left
    co_return;
  }
  auto handled = co_await route(exchange);
  if (handled || exchange.answered() || exchange.body_failed()) co_return;
  const Error& failure = handled.error();
  metrics_.refused.add(to_string(failure.code()));
  if (failure.code() == Errc::forbidden) note_refusal(request, to_string(failure.code()));
  log::info("an egress call was refused",
            {{"reason", to_string(failure.code())}, {"detail", failure.describe()}});
  net::Response answer = problem(failure);
  (void)co_await exchange.respond(std::move(answer));  // the caller may have left
}

net::Task<Result<void>> Egress::route(net::Exchange& exchange) {
  const net::RequestHead& request = exchange.request();
  if (const auto place = place_of(request.target)) co_return co_await call(exchange, *place);
  const std::string_view path = request.path();
  constexpr std::string_view one_installation = "/v1/installation/";
  if (path == "/v1/installations") {
    co_return co_await reply(exchange, list_installations(broker_.vault(), request.query()));
  }
  if (path.starts_with(one_installation)) {
    co_return co_await reply(exchange,
                             show_installation(broker_.vault(), path.substr(one_installation.size())));
  }
  if (path == "/invocation/context") co_return co_await reply(exchange, show_invocation(request));
  if (path != "/graphql") co_return nothing_there();
  if (request.method != "POST") co_return co_await exchange.respond(net::Response::wrong_method("POST"));
  co_return co_await give_token(exchange);
}

net::Task<Result<void>> Egress::reply(net::Exchange& exchange, Result<net::Response> response) {
  const std::string_view method = exchange.request().method;
  if (method != "GET" && method != "HEAD") {
    co_return co_await exchange.respond(net::Response::wrong_method("GET, HEAD"));
  }
  if (!response) co_return std::move(response).error();
  response->headers.add("Cache-Control", "no-store");
  co_return co_await exchange.respond(*std::move(response));
}

net::Task<Result<void>> Egress::call(net::Exchange& exchange, Place place) {
  auto caller = caller_of(exchange.request(), context());
  if (!caller) co_return std::move(caller).error();
  if (!*caller) {
    metrics_.refused.add("unknown_token");
    note_refusal(exchange.request(), "taken_back");
    co_return co_await exchange.respond(unknown_bearer());
  }
  const bool is_user = (*caller)->account.has_value();
  if (needs_app(place.api) && is_user) {
    co_return Error(Errc::invalid_argument, "Forge's storage takes the token of the app alone: write as=app");
  }
  auto to = upstreams_.find((*caller)->installation, place);
  if (!to) co_return std::move(to).error();
  co_return co_await relay_.carry(exchange, **caller, place.api, *to);
}

Result<net::Response> Egress::show_invocation(const net::RequestHead& request) const {
  auto asked = proxy_authorization_of(request);
  if (!asked) return std::move(asked).error();
  if (asked->invocation_id.empty()) {
    return Error(Errc::invalid_argument, "name the invocation: forge-proxy-authorization: Forge id=<id>");
  }
  const auto known = invocations_.find(asked->invocation_id, Clock::system()->wall_now());
  if (!known) return Error(Errc::not_found, "no such invocation: it is over, or did not come through here");
  auto serving = broker_.serving(known->installation);
  if (!serving) return std::move(serving).error();
  return net::Response::json(200, known->claims_json);
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

net::Task<Result<void>> Egress::give_token(net::Exchange& exchange) {
  const auto asked = proxy_authorization_of(exchange.request());
  if (!asked) co_return asked.error();
  const auto named = installation_of(*asked, context());
  if (!named) co_return named.error();
  const InstallationId& installation = *named;
  auto body = co_await exchange.read_whole_body(kMaxTokenQuery);
  if (!body) co_return std::move(body).error();
  auto query = TokenQuery::parse(*body);
  if (!query) co_return std::move(query).error();
  const auto tokens = co_await user_tokens(installation, query->accounts());
  note(installation, tokens);
  net::Response answer = query->answer(tokens);
  answer.headers.add("Cache-Control", "no-store");
  co_return co_await exchange.respond(std::move(answer));
}

/// A refusal for want of consent is on record, whatever was asked for.
void Egress::note_refusal(const net::RequestHead& request, std::string_view reason) {
  const auto about = spoken_of(request, context());
  if (!about) return;
  audit_->add({.kind = AuditKind::token_given,
               .outcome = AuditOutcome::refused,
               .installation = std::string(about->installation.bare()),
               .account = about->account ? about->account->str() : std::string(),
               .actor = "egress",
               .reason = std::string(reason)});
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

}  // namespace tongs::gateway
