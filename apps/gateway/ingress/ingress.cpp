#include "gateway/ingress/ingress.hpp"

#include <algorithm>
#include <random>

#include <tongs/http.hpp>

#include "common/log.hpp"
#include "gateway/proxying.hpp"

namespace tongs::gateway {

namespace {

constexpr std::string_view kVerifyPath = "/_tongs/verify";

/// Does another proxy ask, which passes the request on itself? Some name the original path behind this one.
bool asks_for_verdict(const net::RequestHead& request) {
  const std::string_view path = request.path();
  return path.starts_with(kVerifyPath) &&
         (path.size() == kVerifyPath.size() || path[kVerifyPath.size()] == '/');
}

/// The token of `Authorization: Bearer …`. The scheme is compared without regard to case (RFC 9110 11.1).
Result<std::string_view> bearer_token(const net::Fields& fields) {
  constexpr std::string_view scheme = "bearer ";
  std::optional<std::string_view> value;
  for (const net::Field& field : fields) {
    if (!same_header_name(field.name, "authorization")) continue;
    if (value) return Error(Errc::token_malformed, "there are two Authorization headers");
    value = field.value;
  }
  if (!value || value->size() <= scheme.size() ||
      !same_header_name(value->substr(0, scheme.size()), scheme)) {
    return Error(Errc::token_malformed,
                 "there is no Forge Invocation Token: no Authorization: Bearer header");
  }
  return value->substr(scheme.size());
}

/// The gateway is there; what is behind it says nothing of itself without a token.
net::Response server_options() {
  net::Response answer{.status = 204, .headers = {}, .body = {}};
  answer.headers.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  return answer;
}

/// Why a backend is not even asked.
Error left_alone(std::chrono::milliseconds pause) {
  return Error(Errc::unavailable, "the backend took no connections before, and is left alone for a moment")
      .with_retry_after(pause);
}

net::Response backend_failure(const Error& error) {
  if (error.code() == Errc::unavailable) {
    auto answer = net::Response::problem(502, "backend-down", error.message());
    return answer.retry_after(error.retry_after().value_or(std::chrono::seconds(1)));
  }
  if (error.code() == Errc::deadline_exceeded) {
    return net::Response::problem(504, "backend-timeout", "the backend did not answer in time");
  }
  return net::Response::problem(502, "backend-unreachable", error.message());
}

/// What Forge is told of a push that was not taken. Never 401: the invocation token is valid.
net::Response push_refusal(const Error& error) {
  switch (error.code()) {
    case Errc::forbidden:
      return net::Response::problem(403, "push-not-allowed", error.describe());
    case Errc::malformed_response:
      return net::Response::problem(400, "malformed-push", error.describe());
    case Errc::storage_failed:
    case Errc::internal:
      return net::Response::unavailable("push-not-kept", error.describe(), error.retry_after());
    default:
      return net::Response::problem(422, "unusable-push", error.describe());
  }
}

}  // namespace

struct Ingress::Visit {
  net::Exchange& exchange;
  const std::shared_ptr<const IngressRules> rules;
  const net::Steady::time_point began = net::Steady::now();
  const Trace trace;
  const net::HeaderText cors_lines;
  net::Steady::time_point decided = began;  ///< when there was a verdict
  std::shared_ptr<const Verdict> verdict = nullptr;
  std::string_view judgement = "none";             ///< a static word: `accepted`, or why not
  std::optional<std::string> body = std::nullopt;  ///< if it was read as a whole

  const net::RequestHead& request() const noexcept { return exchange.request(); }

  /// Proxies pass the length of a body on and forget that they do not send it along. On the same connection
  /// the next request would be taken for that body.
  bool may_keep_its_body_back() const {
    return asks_for_verdict(request()) && request().keep_alive && request().framing.content_length != 0;
  }

  /// An answer of ours. The peer may be gone: there is nobody left to tell then.
  net::Task<> respond(net::Response response) {
    response.headers.add_lines(cors_lines.text());
    if (may_keep_its_body_back()) response.headers.add("Connection", "close");
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

/// Each step gives the next one and does not wait for it, so that only those are coroutines that must be.
net::Task<> Ingress::answer(Visit& visit) {
  if (auto answered = answer_without_token(visit)) return *std::move(answered);
  const auto token = bearer_token(visit.request().fields);
  if (!token) return refuse(visit, token.error());
  auto verdict = verifier_.recall(*token, visit.rules->verify, visit.began);
  return verdict ? judge(visit, std::move(verdict)) : verify(visit, *token);
}

net::Task<> Ingress::verify(Visit& visit, std::string_view token) {
  auto verdict = co_await verifier_.verify(token, visit.rules->verify);
  if (verdict) {
    shared_.capture.observe((*verdict)->invocation);
    shared_.intake.alive((*verdict)->invocation.installation());
    shared_.invocations.note((*verdict)->invocation, Clock::system()->wall_now());
  }
  co_await judge(visit, std::move(verdict));
}

net::Task<> Ingress::judge(Visit& visit, Result<std::shared_ptr<const Verdict>> verdict) {
  if (verdict) verdict = admit_once(visit, *std::move(verdict));
  visit.decided = net::Steady::now();
  shared_.metrics.verify_time.observe(std::chrono::duration<double>(visit.decided - visit.began).count());
  if (!verdict) return refuse(visit, verdict.error());
  visit.verdict = *std::move(verdict);
  visit.judgement = "accepted";
  shared_.metrics.accepted.add();
  if (shared_.intake.is_push(visit.request().path())) return receive_push(visit);
  if (visit.request().fields.find("x-forge-oauth-user") &&
      shared_.capture.may_keep_user_token(visit.verdict->invocation)) {
    shared_.invocations.note_user(visit.verdict->invocation, visit.request().fields,
                                  Clock::system()->wall_now());
  }
  const auto system_token =
      shared_.capture.believable_token(visit.verdict->invocation, visit.request().fields);
  return system_token.empty() ? let_in(visit) : keep_token(visit, system_token);
}

net::Task<> Ingress::keep_token(Visit& visit, std::string_view system_token) {
  co_await shared_.capture.keep(visit.exchange.reactor(), visit.verdict->invocation, system_token);
  co_await let_in(visit);
}

net::Task<> Ingress::let_in(Visit& visit) {
  if (!asks_for_verdict(visit.request())) return forward(visit);
  net::Response answer{.status = 200, .headers = {}, .body = {}};
  answer.headers.add_lines(visit.verdict->header_lines);
  return visit.respond(std::move(answer));
}

net::Task<> Ingress::receive_push(Visit& visit) {
  net::Exchange& exchange = visit.exchange;
  if (visit.request().method != "POST") {
    co_await visit.respond(net::Response::wrong_method("POST"));
    co_return;
  }
  const auto& invocation = visit.verdict->invocation;
  const auto token = Capture::sound_token(invocation.claims(), visit.request().fields);
  auto body = co_await exchange.read_whole_body(kMaxNotice);
  if (exchange.body_failed()) co_return;
  Result<void> taken;
  if (body) {
    taken = co_await shared_.intake.push(exchange.reactor(), invocation, token, *body);
  } else {
    taken = Error(Errc::malformed_response, "the body of a push has at most 64 KiB");
  }
  if (!taken) visit.judgement = "push-refused";
  net::Response answer =
      taken ? net::Response{.status = 204, .headers = {}, .body = {}} : push_refusal(taken.error());
  co_await visit.respond(std::move(answer));
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

std::optional<net::Task<>> Ingress::answer_without_token(Visit& visit) {
  const net::RequestHead& request = visit.request();
  if (auto objection = objection_to(request, visit.exchange.peer().address, visit.rules->sources)) {
    return refuse(visit, *std::move(objection));
  }
  if (is_about_server(request)) {
    visit.judgement = "options";
    return visit.respond(server_options());
  }
  // To another proxy, an answer of 204 would say that somebody had been verified.
  if (asks_for_verdict(request)) return std::nullopt;
  auto preflight = visit.rules->cors.answer_preflight(request);
  if (!preflight) return std::nullopt;
  if (preflight->status == 403) return refuse(visit, forbidden_origin(*std::move(preflight)));
  visit.judgement = "preflight";
  return visit.respond(*std::move(preflight));
}

net::Task<> Ingress::refuse(Visit& visit, const Error& verdict) { return refuse(visit, refusal_of(verdict)); }

net::Task<> Ingress::refuse(Visit& visit, Refusal refusal) {
  visit.judgement = refusal.reason;
  shared_.metrics.refused.add(refusal.reason);
  log_refusal("a request was refused", refusal.reason, refusal.detail, visit.exchange.peer().address);
  return visit.respond(std::move(refusal.answer));
}

void Ingress::note(const net::Refusal& refusal) {
  const std::string_view reason = reason_of(refusal);
  const bool is_request = refusal.of == net::Refusal::Of::request;
  (is_request ? shared_.metrics.refused : shared_.metrics.refused_connections).add(reason);
  log_refusal(is_request ? "a request was refused" : "a connection was refused", reason, refusal.what,
              refusal.peer);
}

void Ingress::log_refusal(std::string_view message, std::string_view reason, std::string_view detail,
                          std::string_view peer) {
  if (const auto held_back = refusals_[reason].take(net::Steady::now())) {
    log::info(message, {{"reason", reason},
                        {"detail", detail},
                        {"peer", peer},
                        {"more_since_last_line", std::to_string(*held_back)}});
  }
}

net::Task<> Ingress::forward(Visit& visit) {
  const FitClaims& claims = visit.verdict->invocation.claims();
  const bool concerns_us =
      shared_.intake.may_tell(claims, visit.request()) || shared_.intake.is_farewell(claims);
  return concerns_us ? learn_and_pass_on(visit) : pass_on(visit);
}

net::Task<> Ingress::learn_and_pass_on(Visit& visit) {
  net::Exchange& exchange = visit.exchange;
  const auto& invocation = visit.verdict->invocation;
  if (shared_.intake.may_tell(invocation.claims(), visit.request())) {
    auto body = co_await exchange.read_whole_body(kMaxNotice);
    if (!body) co_return;  // the connection says why
    visit.body = *std::move(body);
    co_await shared_.intake.learn(exchange.reactor(), invocation, *visit.body);
  }
  co_await pass_on(visit);
  shared_.intake.after(invocation);
}

net::Task<> Ingress::pass_on(Visit& visit) {
  net::Exchange& exchange = visit.exchange;
  const auto backend = visit.rules->routes.choose(visit.request().path(), visit.verdict->invocation.claims());
  Backend& state = *visit.rules->backends[backend.number];
  if (const auto pause = state.pause()) {
    const Error down = left_alone(*pause);
    co_await report_failure(visit, state, down);
    co_return;
  }
  const net::HeaderText lines =
      forwarded_request(visit.request(), exchange.peer(), visit.rules->forward, visit.trace);
  auto call = co_await ask_backend(visit, backend, lines.text());
  if (!call) {
    co_await report_failure(visit, state, call.error());
    co_return;
  }
  state.answered(call->head().status);
  net::HeaderText answer_lines =
      response_lines(call->head(), visit.cors_lines.text().empty() ? nullptr : says_who_reads);
  answer_lines.add_lines(visit.cors_lines.text());
  auto passed = co_await pass_back(exchange, *call, answer_lines.text());
  if (!passed) co_await report_failure(visit, state, passed.error());
}

net::Task<> Ingress::report_failure(Visit& visit, Backend& backend, const Error& error) {
  if (visit.exchange.body_failed()) co_return;
  if (error.code() == Errc::deadline_exceeded) backend.timed_out();
  shared_.metrics.backend_failures.add(to_string(error.code()));
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
  const net::RequestHead& request = visit.request();
  std::string_view base = backend.at->target;
  if (base.ends_with('/')) base.remove_suffix(1);
  const net::RequestText text{.method = request.method,
                              .base = base,
                              .target = request.target,
                              .header_lines = header_lines,
                              .more_lines = visit.verdict->header_lines,
                              .length = request.framing.content_length,
                              .replayable = is_idempotent(request.method),
                              .watch = visit.rules->backends[backend.number]};
  const bool is_whole = visit.body || request.framing.content_length == 0;
  if (!is_whole) return ask_with_body(visit, backend, text);
  const std::string_view body = visit.body ? std::string_view(*visit.body) : std::string_view();
  return client_.send(backend.at->to, text, body, visit.decided + backend.patience);
}

net::Task<Result<net::Call>> Ingress::ask_with_body(Visit& visit, const Routes::Choice& backend,
                                                    net::RequestText text) {
  net::Exchange& exchange = visit.exchange;
  auto call = co_await client_.open(backend.at->to, text, visit.decided + backend.patience);
  if (!call) co_return std::move(call).error();
  auto passed = co_await pass_body(exchange, *call, is_withheld);
  if (!passed) co_return std::move(passed).error();
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
                    .peer = visit.exchange.peer().address});
}

}  // namespace tongs::gateway
