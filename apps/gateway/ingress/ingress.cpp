#include "gateway/ingress/ingress.hpp"

#include <algorithm>
#include <random>

#include <tongs/http.hpp>

#include "common/log.hpp"
#include "gateway/proxying.hpp"
#include "http/url.hpp"

namespace tongs::gateway {

namespace {

constexpr std::string_view kVerifyPath = "/_tongs/verify";

/// The token of `Authorization: Bearer …`. The scheme is compared without regard to case (RFC 9110 11.1).
Result<std::string_view> bearer_token(const net::Fields& fields) {
  const auto value = fields.find("authorization");
  if (!value || value->size() < 8 || !same_header_name(value->substr(0, 7), "bearer ")) {
    return Error(Errc::token_malformed,
                 "there is no Forge Invocation Token: no Authorization: Bearer header");
  }
  if (fields.count("authorization") > 1) {
    return Error(Errc::token_malformed, "there are two Authorization headers");
  }
  return value->substr(7);
}

/// 401 says "this FIT is not valid" and nothing else (contract 1.4.1); what could not be decided is 503.
net::Response refusal(const Error& error) {
  switch (error.code()) {
    case Errc::keys_unavailable:
    case Errc::deadline_exceeded:
      return net::Response::unavailable(
          "keys-unavailable", "the token could not be checked because Forge's public keys cannot be had now",
          error.retry_after());
    case Errc::unavailable:
    case Errc::internal:
      return net::Response::unavailable("undecided", error.message(), error.retry_after());
    default: {
      auto response = net::Response::problem(401, to_string(error.code()), error.message());
      response.headers.add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
      return response;
    }
  }
}

net::Response backend_failure(const Error& error) {
  if (error.code() == Errc::deadline_exceeded) {
    return net::Response::problem(504, "backend-timeout", "the backend did not answer in time");
  }
  return net::Response::problem(502, "backend-unreachable", error.message());
}

/// What is wrong with a request before anybody asks for its token.
std::optional<net::Response> objection(const net::Exchange& exchange, const IngressRules& rules) {
  if (!rules.sources.empty() && !rules.sources.contain(exchange.peer())) {
    return net::Response::problem(403, "source-not-allowed",
                                  "this address may not call: it is not in ingress.allow_from");
  }
  const std::string_view path = exchange.request().path();
  if (!path.starts_with('/') || detail::has_dot_segment(path)) {
    return net::Response::problem(400, "malformed-request",
                                  "the target must be a path without . and .. segments");
  }
  if (auto refused = refused_method(exchange.request().method)) return refused;
  return rules.cors.answer_preflight(exchange.request());
}

}  // namespace

struct Ingress::Visit {
  net::Exchange& exchange;
  const std::shared_ptr<const IngressRules> rules;
  const net::Steady::time_point began = net::Steady::now();
  const Trace trace;
  const net::HeaderText cors_lines;
  std::shared_ptr<const Verdict> verdict = nullptr;
  std::string_view judgement = "none";  ///< a static word: `accepted`, or why not

  const net::RequestHead& request() const noexcept { return exchange.request(); }

  /// An answer of ours. The peer may be gone: there is nobody left to tell then.
  net::Task<> respond(net::Response response) {
    response.headers.add_lines(cors_lines.text());
    (void)co_await exchange.respond(std::move(response));
  }
};

Ingress::Ingress(net::Reactor& reactor, const IngressShared& shared,
                 std::shared_ptr<const IngressRules> rules, net::ClientLimits limits,
                 std::size_t remembered_tokens)
    : shared_(shared),
      rules_(std::move(rules)),
      verifier_(remembered_tokens),
      client_(reactor, limits),
      random_(std::random_device{}() | (std::uint64_t{std::random_device{}()} << 32)) {
  if (shared.access_log) access_log_.emplace(reactor, shared.access_log, shared.personal_access_log);
}

void Ingress::use(std::shared_ptr<const IngressRules> rules) {
  rules_ = std::move(rules);
  verifier_.forget();
}

net::Task<> Ingress::handle(net::Exchange& exchange) {
  random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
  Visit visit{.exchange = exchange,
              .rules = rules_,
              .trace = Trace::of(exchange.request(), random_ >> 1),
              .cors_lines = rules_->cors.answer_lines(exchange.request())};
  co_await answer(visit);
  record(visit);
}

net::Task<> Ingress::answer(Visit& visit) {
  if (auto objected = objection(visit.exchange, *visit.rules)) {
    visit.judgement = "objected";
    co_await visit.respond(*std::move(objected));
    co_return;
  }
  const auto token = bearer_token(visit.request().fields);
  if (!token) {
    co_await refuse(visit, token.error());
    co_return;
  }
  Result<std::shared_ptr<const Verdict>> verdict = verifier_.recall(*token, visit.rules->verify);
  if (!*verdict) verdict = co_await verify(visit, *token);
  if (verdict) verdict = admit_once(visit, *std::move(verdict));
  shared_.metrics.verify_time.observe(
      std::chrono::duration<double>(net::Steady::now() - visit.began).count());
  if (!verdict) {
    co_await refuse(visit, verdict.error());
    co_return;
  }
  visit.verdict = *std::move(verdict);
  visit.judgement = "accepted";
  shared_.metrics.accepted.add();
  const auto& invocation = visit.verdict->invocation;
  const auto system_token = shared_.capture.believable_token(invocation, visit.request().fields);
  if (!system_token.empty())
    co_await shared_.capture.keep(visit.exchange.reactor(), invocation, system_token);
  if (visit.request().path() == kVerifyPath) {
    net::Response answer{.status = 200, .headers = {}, .body = {}};
    answer.headers.add_lines(visit.verdict->header_lines);
    co_await visit.respond(std::move(answer));
  } else {
    co_await forward(visit);
  }
}

net::Task<Result<std::shared_ptr<const Verdict>>> Ingress::verify(Visit& visit, std::string_view token) {
  auto verdict = co_await verifier_.verify(token, visit.rules->verify);
  if (verdict) shared_.capture.observe((*verdict)->invocation);
  co_return verdict;
}

/// The verdict again, if its token may be used (again).
Result<std::shared_ptr<const Verdict>> Ingress::admit_once(const Visit& visit,
                                                           std::shared_ptr<const Verdict> verdict) {
  if (!visit.rules->refuse_replays) return verdict;
  const FitClaims& claims = verdict->invocation.claims();
  const WallTime until = claims.expires_at + visit.rules->verify.policy.leeway;
  const auto used = shared_.replays.use(claims.jti, until, Clock::system()->wall_now());
  if (!used) return used.error();
  return verdict;
}

net::Task<> Ingress::refuse(Visit& visit, const Error& error) {
  visit.judgement = to_string(error.code());
  shared_.metrics.refused.add(error.code());
  if (const auto held_back = refusals_[error.code()].take(net::Steady::now())) {
    log::info("an invocation was refused", {{"reason", to_string(error.code())},
                                            {"detail", error.describe()},
                                            {"peer", visit.exchange.peer()},
                                            {"more_since_last_line", std::to_string(*held_back)}});
  }
  net::Response answer = refusal(error);
  co_await visit.respond(std::move(answer));
}

net::Task<> Ingress::forward(Visit& visit) {
  net::Exchange& exchange = visit.exchange;
  const auto backend = visit.rules->routes.choose(visit.request().path(), visit.verdict->invocation.claims());
  const net::HeaderText lines = forwarded_request(
      visit.request(), exchange.peer(), visit.verdict->header_lines, visit.rules->forward, visit.trace);
  auto call = co_await ask_backend(visit, backend, lines.text());
  if (!call) {
    co_await report_failure(visit, call.error());
    co_return;
  }
  net::HeaderText answer_lines =
      response_lines(call->head(), visit.cors_lines.text().empty() ? nullptr : is_cors_answer_header);
  answer_lines.add_lines(visit.cors_lines.text());
  auto passed = co_await pass_back(exchange, *call, answer_lines.text());
  if (!passed) co_await report_failure(visit, passed.error());
}

net::Task<> Ingress::report_failure(Visit& visit, const Error& error) {
  if (visit.exchange.body_failed()) co_return;
  shared_.metrics.backend_failures.add(error.code());
  if (const auto held_back = failures_.take(net::Steady::now())) {
    log::warn("the backend did not answer",
              {{"reason", error.describe()}, {"more_since_last_line", std::to_string(*held_back)}});
  }
  if (visit.exchange.answered()) co_return;
  net::Response answer = backend_failure(error);
  co_await visit.respond(std::move(answer));
}

net::Task<Result<net::Call>> Ingress::ask_backend(Visit& visit, const Routes::Choice& backend,
                                                  std::string_view header_lines) {
  net::Exchange& exchange = visit.exchange;
  const net::RequestHead& request = exchange.request();
  std::string target = backend.at->target;
  if (target.ends_with('/')) target.pop_back();
  target += request.target;
  net::RequestText text{.method = request.method,
                        .target = target,
                        .header_lines = header_lines,
                        .length = request.framing.content_length,
                        .replayable = is_idempotent(request.method)};
  const auto deadline = net::Steady::now() + backend.patience;
  if (request.framing.content_length == 0) {
    const std::string_view nothing;
    co_return co_await client_.send(backend.at->to, text, nothing, deadline);
  }
  auto call = co_await client_.open(backend.at->to, text, deadline);
  if (!call) co_return std::move(call).error();
  for (;;) {
    auto piece = co_await exchange.read_body();
    if (!piece) co_return std::move(piece).error();
    if (piece->empty()) break;
    auto written = co_await call->write(*piece);
    if (!written) break;  // it may have answered early, without reading on: the answer decides
  }
  const net::HeaderText trailers = trailer_lines(exchange.request_trailers(), request.fields, is_withheld);
  auto ended = co_await call->end(trailers.text());
  (void)ended;  // as above: the answer decides
  auto head = co_await call->read_head(net::Steady::now() + backend.patience);
  if (!head) co_return std::move(head).error();
  co_return std::move(call);
}

void Ingress::record(const Visit& visit) {
  if (!access_log_) return;
  access_log_->add({.method = visit.request().method,
                    .path = visit.request().path(),
                    .status = visit.exchange.answer_status(),
                    .bytes = visit.exchange.answer_bytes(),
                    .duration = net::Steady::now() - visit.began,
                    .verdict = visit.judgement,
                    .invocation = visit.verdict ? &visit.verdict->invocation : nullptr,
                    .trace_id = visit.trace.trace_id(),
                    .peer = visit.exchange.peer()});
}

}  // namespace tongs::gateway
