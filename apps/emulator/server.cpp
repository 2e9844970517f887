#include "emulator/server.hpp"

#include "emulator/admin/router.hpp"
#include "emulator/api/platform_api.hpp"
#include "emulator/machine_clock.hpp"
#include "http/url.hpp"

namespace tongs::emulator {

namespace {

constexpr std::size_t kMaxBody = 10 * 1024 * 1024;

Result<ApiCall> read_call(const net::RequestHead& request) {
  auto query = detail::parse_query(request.query());
  if (!query) return Error(Errc::invalid_argument, "the query of the URL cannot be decoded");
  ApiCall call{
      .method = std::string(request.method), .path = std::string(request.path()), .query = *std::move(query)};
  for (const net::Field& field : request.fields) {
    call.headers.push_back({std::string(field.name), std::string(field.value), false});
  }
  return call;
}

net::HeaderText lines_of(const HttpResponse& response) {
  net::HeaderText lines;
  for (const Header& header : response.headers) lines.add(header.name, header.value);
  return lines;
}

}  // namespace

net::Task<> PlatformServer::handle(net::Exchange& exchange) {
  if (auto refusal = guard_.refusal(exchange.request())) {
    (void)co_await exchange.respond(*std::move(refusal));  // the caller may have left
    co_return;
  }
  auto call = read_call(exchange.request());
  auto body = co_await exchange.read_whole_body(kMaxBody);
  if (exchange.body_failed()) co_return;
  ApiAnswer answer;
  if (!call) {
    answer.response = problem_answer(400, "malformed-request", call.error().message());
  } else if (!body) {
    answer.response = problem_answer(413, "too-large", body.error().message());
  } else {
    call->body = *std::move(body);
    if (is_admin_path(call->path)) {
      answer.response = co_await answer_admin(*call);
    } else {
      answer = serve_platform(world_, *call, world_.at(real_now()));
      co_await deliver(answer);
    }
    if (call->method != "GET" && call->method != "HEAD") changed_();
  }
  co_await give(exchange, std::move(answer));
}

net::Task<HttpResponse> PlatformServer::answer_admin(const ApiCall& call) {
  AdminStep step = handle_admin(world_, call, world_.at(real_now()));
  courier_.wake();
  while (auto* wait = std::get_if<AdminWait>(&step.next)) {
    const AdminWait what = std::move(*wait);
    co_await courier_.attempt(what.deliveries);
    step = what.then(world_.at(real_now()));
    courier_.wake();
  }
  co_return std::get<HttpResponse>(std::move(step.next));
}

net::Task<> PlatformServer::deliver(ApiAnswer& answer) {
  if (!answer.delivery) co_return;
  if (answer.then == nullptr) {
    courier_.wake();
    co_return;
  }
  std::vector<DeliveryId> one(1, *answer.delivery);
  co_await courier_.attempt(std::move(one));
  const Delivery* delivery = world_.deliveries.find(*answer.delivery);
  if (delivery != nullptr) answer.response = answer.then(*delivery);
}

net::Task<> PlatformServer::give(net::Exchange& exchange, ApiAnswer answer) {
  if (answer.delay > Millis(0)) {
    net::Timer pause(exchange.reactor().context);
    pause.expires_after(answer.delay);
    (void)co_await pause.async_wait(net::use_tuple);
  }
  if (answer.reset) {
    exchange.abort();
    co_return;
  }
  const net::HeaderText lines = lines_of(answer.response);
  const std::string_view body = answer.response.body;
  exchange.begin(answer.response.status, {}, lines.text(), body.size());
  const bool truncated = answer.truncate_after && *answer.truncate_after < body.size();
  bool sent = exchange.offer(truncated ? body.substr(0, *answer.truncate_after) : body);
  if (!truncated) sent = exchange.finish() && sent;
  if (!sent || truncated) (void)co_await exchange.flush();  // the caller may have left
  if (truncated) exchange.abort();
}

}  // namespace tongs::emulator
