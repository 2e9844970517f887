#include "gateway/egress/relay.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <tongs/http.hpp>

#include "common/log.hpp"
#include "gateway/egress/upstream_headers.hpp"
#include "gateway/problem.hpp"
#include "gateway/proxying.hpp"
#include "http/response_error.hpp"

namespace tongs::gateway {

namespace {

/// Nothing of an answer is held, so it may be as long as it likes.
net::ClientLimits client_limits(const EgressOptions& options) {
  net::ClientLimits limits;
  limits.message.body_bytes = std::numeric_limits<std::uint64_t>::max();
  limits.stall_time = options.stall_time;
  return limits;
}

/// A 401 that another token will not heal (contract 7.5).
bool wrong_scope(const net::ResponseHead& head) noexcept {
  return head.fields.find("x-failure-category") == detail::kScopeCheckFailed;
}

/// Of Atlassian, for a browser: a client that calls for several tenants must not carry them from one to the
/// other.
bool is_cookie(std::string_view name) noexcept {
  return same_variable(name, "set-cookie") || same_variable(name, "set-cookie2");
}

Error why(const Pauses::Pause& pause) {
  if (pause.cause == Pauses::Cause::outage) {
    return {Errc::unavailable, "Atlassian cannot answer for this installation now and asked it to wait"};
  }
  if (pause.of_app) {
    return {Errc::rate_limited,
            "the app's quota for all its installations is used up: Atlassian asked to wait"};
  }
  return {Errc::rate_limited, "Atlassian asked this installation to wait"};
}

}  // namespace

/// A call on its way.
struct Relay::Trip {
  net::Exchange& exchange;
  const Caller& caller;
  const Api api;
  const net::Endpoint& to;
  const net::Steady::time_point deadline;
  std::optional<std::string> body = {};  ///< if it is held

  const InstallationId& installation() const noexcept { return caller.installation->id; }
  net::Steady::time_point within(std::chrono::milliseconds time) const {
    return std::min(deadline, net::Steady::now() + time);
  }
};

Relay::Relay(Parts parts, const EgressOptions& options, net::Ways ways)
    : metrics_(parts.metrics),
      quotas_(parts.quotas),
      options_(options),
      credentials_(parts.broker, parts.invocations),
      lanes_(parts.reactor, options.calls),
      client_(parts.reactor, client_limits(options), std::move(ways)) {}

net::Task<Result<void>> Relay::carry(net::Exchange& exchange, const Caller& caller, Api api,
                                     const net::Endpoint& to) {
  Trip trip{.exchange = exchange,
            .caller = caller,
            .api = api,
            .to = to,
            .deadline = net::Steady::now() + options_.time};
  if (auto open = check_pause(trip); !open) co_return open;
  const auto length = exchange.request().framing.content_length;
  if (length && *length <= options_.held_bytes) {
    trip.body.emplace();
    if (*length > 0) {
      auto body = co_await exchange.read_whole_body(options_.held_bytes);
      if (!body) co_return std::move(body).error();
      trip.body = *std::move(body);
    }
  }
  auto credential = co_await credential_for(trip);
  if (!credential) co_return std::move(credential).error();
  auto lane = lanes_.enter_now(trip.installation());
  if (!lane) {
    auto waited = co_await wait_for_lane(trip);
    if (!waited) co_return std::move(waited).error();
    lane.emplace(*std::move(waited));
    // Much may have changed meanwhile.
    if (auto open = check_pause(trip); !open) co_return open;
    credential = co_await credential_for(trip);
    if (!credential) co_return std::move(credential).error();
  }
  co_return co_await go(trip, *std::move(credential));
}

net::Task<Result<Credential>> Relay::credential_for(const Trip& trip) {
  if (auto at_hand = credentials_.at_hand(trip.caller)) co_return *std::move(at_hand);
  co_return co_await credentials_.get(trip.caller, trip.within(options_.token_time));
}

net::Task<Result<Lanes::Lane>> Relay::wait_for_lane(const Trip& trip) {
  co_return co_await lanes_.enter(trip.installation(), trip.within(options_.queue_time));
}

Result<void> Relay::check_pause(const Trip& trip) const {
  const auto pause =
      pauses_.now(trip.installation(), trip.caller.installation->app, trip.api, net::Steady::now());
  if (!pause) return {};
  quotas_.paused(trip.api);
  return why(*pause).with_retry_after(pause->left);
}

net::Task<Result<void>> Relay::go(Trip& trip, Credential credential) {
  for (bool again = trip.body.has_value();; again = false) {
    auto call = co_await send(trip, credential);
    if (!call) co_return std::move(call).error();
    note(trip, call->head());
    if (call->head().status == 401 && !wrong_scope(call->head())) {
      credentials_.reject(trip.caller, credential);
      if (again) {
        auto other = co_await credentials_.another(trip.caller, trip.within(options_.token_time));
        // A 401 means that the call did not run. Without another token it is the answer (contract 7.5.1).
        const bool worth_it = other && other->reveal() != credential.reveal();
        if (worth_it) {
          credential = *std::move(other);
          continue;
        }
      }
    }
    co_await pass_answer_back(trip.exchange, *call);
    co_return Result<void>{};
  }
}

net::Task<Result<net::Call>> Relay::send(const Trip& trip, const Credential& credential) {
  const net::RequestHead& request = trip.exchange.request();
  const net::HeaderText lines = upstream_headers(request, trip.to.to, credential.reveal());
  const net::RequestText text{.method = request.method,
                              .target = trip.to.target,
                              .header_lines = lines.text(),
                              .length = trip.body ? trip.body->size() : request.framing.content_length,
                              .replayable = is_idempotent(request.method)};
  if (trip.body) co_return co_await client_.send(trip.to.to, text, *trip.body, trip.deadline);
  auto call = co_await client_.open(trip.to.to, text, trip.deadline);
  if (!call) co_return std::move(call).error();
  auto passed = co_await pass_body(trip.exchange, *call, is_private_header);
  if (!passed) co_return std::move(passed).error();
  auto head = co_await call->read_head(net::Steady::now() + options_.time);
  if (!head) co_return std::move(head).error();
  co_return std::move(call);
}

void Relay::note(const Trip& trip, const net::ResponseHead& answer) {
  metrics_.answered(answer.status);
  if (answer.status != 401) credentials_.accepted(trip.caller);
  const bool may_ask = answer.status == 429 || answer.status == 503;
  const QuotaReport report = QuotaReport::of(answer, may_ask ? Clock::system()->wall_now() : WallTime{});
  quotas_.note(trip.api, answer.status, report);
  if (report.wait && options_.honour_retry_after) pause(trip, answer.status, report);
}

void Relay::pause(const Trip& trip, int status, const QuotaReport& report) {
  const MonoTime now = net::Steady::now();
  const auto cause = status == 429 ? Pauses::Cause::limit : Pauses::Cause::outage;
  if (status == 429 && report.reason == LimitReason::global_quota) {
    pauses_.pause(trip.caller.installation->app, trip.api, *report.wait, cause, now);
  } else {
    pauses_.pause(trip.installation(), trip.api, *report.wait, cause, now);
  }
}

net::Task<> Relay::pass_answer_back(net::Exchange& exchange, net::Call& call) {
  const net::HeaderText lines = response_lines(call.head(), is_cookie);
  auto passed = co_await pass_back(exchange, call, lines.text());
  if (passed) co_return;
  metrics_.broken.add();
  log::warn("an answer of Atlassian broke off", {{"reason", passed.error().describe()}});
  if (exchange.answered()) co_return;
  net::Response answer = problem(passed.error());
  (void)co_await exchange.respond(std::move(answer));  // the caller may have left
}

}  // namespace tongs::gateway
