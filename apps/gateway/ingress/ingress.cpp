#include "gateway/ingress/ingress.hpp"

#include <algorithm>
#include <random>

#include <tongs/http.hpp>

#include "auth/fit_checker.hpp"
#include "common/log.hpp"
#include "gateway/ingress/invocation_headers.hpp"
#include "gateway/proxying.hpp"

namespace tongs::gateway {

namespace {

constexpr std::string_view kVerifyPath = "/_tongs/verify";

/// The token of `Authorization: Bearer …`. The scheme is compared without regard to case (RFC 9110 11.1).
std::optional<std::string_view> bearer_token(const net::Fields& fields) noexcept {
  const auto value = fields.find("authorization");
  if (!value || value->size() < 8 || !same_header_name(value->substr(0, 7), "bearer ")) return std::nullopt;
  return value->substr(7);
}

bool undecided(Errc code) noexcept {
  return code == Errc::keys_unavailable || code == Errc::deadline_exceeded || code == Errc::internal;
}

/// 401 says "this FIT is not valid" and nothing else (contract 1.4.1); what could not be decided is 503.
net::Response refusal(const Error& error) {
  if (!undecided(error.code())) {
    auto response = net::Response::problem(401, to_string(error.code()), error.message());
    response.headers.add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    return response;
  }
  const auto wait = error.retry_after().value_or(std::chrono::seconds(1));
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
  auto response =
      net::Response::problem(503, "keys-unavailable",
                             "the token could not be checked because Forge's public keys cannot be had now");
  response.headers.add("Retry-After", std::to_string(seconds));
  return response;
}

net::Response backend_failure(const Error& error) {
  if (error.code() == Errc::deadline_exceeded) {
    return net::Response::problem(504, "backend-timeout", "the backend did not answer in time");
  }
  return net::Response::problem(502, "backend-unreachable", error.message());
}

}  // namespace

Ingress::Ingress(net::Reactor& reactor, const IngressOptions& options, KeyHub& keys, const Capture& capture,
                 IngressMetrics& metrics, net::ClientLimits limits, std::shared_ptr<const Clock> clock)
    : options_(options),
      keys_(keys),
      capture_(capture),
      metrics_(metrics),
      client_(reactor, limits),
      clock_(std::move(clock)),
      random_(std::random_device{}() | (std::uint64_t{std::random_device{}()} << 32)) {}

net::Task<> Ingress::handle(net::Exchange& exchange) {
  const net::RequestHead& request = exchange.request();
  const auto began = net::Steady::now();
  auto invocation = co_await verify(request);
  metrics_.verify_time.observe(std::chrono::duration<double>(net::Steady::now() - began).count());
  if (!invocation) {
    metrics_.refused.add(invocation.error().code());
    log::info("an invocation was refused", {{"reason", to_string(invocation.error().code())},
                                            {"detail", invocation.error().describe()},
                                            {"peer", exchange.peer()}});
    net::Response answer = refusal(invocation.error());
    (void)co_await exchange.respond(std::move(answer));  // the peer may be gone: there is nobody left to tell
    co_return;
  }
  metrics_.accepted.add();
  capture_.observe(*invocation, request.fields.find("x-forge-oauth-system").value_or(""));
  if (request.path() == kVerifyPath) {
    co_await answer_verify(exchange, *invocation);
  } else {
    co_await forward(exchange, *invocation);
  }
}

net::Task<Result<VerifiedInvocation>> Ingress::verify(const net::RequestHead& request) {
  const auto token = bearer_token(request.fields);
  if (!token) {
    co_return Error(Errc::token_malformed,
                    "there is no Forge Invocation Token: no Authorization: Bearer header");
  }
  if (request.fields.count("authorization") > 1) {
    co_return Error(Errc::token_malformed, "there are two Authorization headers");
  }
  auto unverified = detail::FitChecker::check(*token, options_.policy, options_.app, clock_->wall_now());
  if (!unverified) co_return std::move(unverified).error();
  std::string kid(unverified->kid());
  auto answer = co_await keys_.find(std::move(kid), net::Steady::now() + options_.key_time);
  if (!answer) co_return std::move(answer).error();
  co_return detail::FitChecker::confirm(*std::move(unverified), *answer->key);
}

net::Task<> Ingress::answer_verify(net::Exchange& exchange, const VerifiedInvocation& invocation) {
  net::Response answer{.status = 200, .headers = invocation_headers(invocation), .body = {}};
  (void)co_await exchange.respond(std::move(answer));  // the peer may be gone
}

net::Task<> Ingress::forward(net::Exchange& exchange, const VerifiedInvocation& invocation) {
  random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
  const net::HeaderText verified = invocation_headers(invocation);
  const net::HeaderText lines =
      forwarded_request(exchange.request(), exchange.peer(), verified.text(), options_.forward, random_ >> 1);
  auto call = co_await ask_backend(exchange, lines.text());
  if (!call) {
    if (exchange.body_failed()) co_return;
    metrics_.backend_failures.add(call.error().code());
    log::warn("the backend did not answer", {{"reason", call.error().describe()}});
    net::Response answer = backend_failure(call.error());
    (void)co_await exchange.respond(std::move(answer));  // the peer may be gone
    co_return;
  }
  (void)co_await pass_back(exchange, *call);  // the caller may have left
}

net::Task<Result<net::Call>> Ingress::ask_backend(net::Exchange& exchange, std::string_view header_lines) {
  const net::RequestHead& request = exchange.request();
  std::string target = options_.backend.target;
  if (target.ends_with('/')) target.pop_back();
  target += request.target;
  net::RequestText text{.method = request.method,
                        .target = target,
                        .header_lines = header_lines,
                        .length = request.framing.content_length,
                        .replayable = is_idempotent(request.method)};
  const auto deadline = net::Steady::now() + options_.backend_time;
  if (request.framing.content_length == 0) {
    co_return co_await client_.send(options_.backend.to, text, "", deadline);
  }
  auto call = co_await client_.open(options_.backend.to, text, deadline);
  if (!call) co_return std::move(call).error();
  for (;;) {
    auto piece = co_await exchange.read_body();
    if (!piece) co_return std::move(piece).error();
    if (piece->empty()) break;
    auto written = co_await call->write(*piece);
    if (!written) break;  // it may have answered early, without reading on: the answer decides
  }
  const net::HeaderText trailers = trailer_lines(exchange.request_trailers());
  auto ended = co_await call->end(trailers.text());
  (void)ended;  // as above: the answer decides
  auto head = co_await call->read_head(net::Steady::now() + options_.backend_time);
  if (!head) co_return std::move(head).error();
  co_return std::move(call);
}

}  // namespace tongs::gateway
