#include "gateway/admin/admin.hpp"

#include <utility>
#include <variant>

#include <tongs/json.hpp>

#include "http/ascii.hpp"

namespace tongs::gateway {

namespace {

using net::Exchange;
using net::Response;

Response fresh(Response response) {
  response.headers.add("Cache-Control", "no-store");
  return response;
}

/// A route that anybody may ask.
template <class MakeResponse>
net::RouteHandler answering(MakeResponse make) {
  return [make](Exchange& exchange, const net::PathParameters&) { return exchange.respond(fresh(make())); };
}

Response unauthorized() {
  auto response = Response::problem(401, "unauthorized",
                                    "send the token of the admin token file: Authorization: Bearer <token>");
  response.headers.add("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace

Admin::Admin(net::LocalGuard guard, Secret token, const metrics::Registry& metrics)
    : guard_(std::move(guard)), token_(std::move(token)) {
  public_routes_.on("GET", "/healthz", answering([] { return Response::text(200, "alive\n"); }))
      .on("GET", "/readyz", answering([this] { return readiness(); }))
      .on("GET", "/metrics", answering([&metrics] {
            return Response::text(200, metrics.text(), metrics::Registry::kContentType);
          }));
}

bool Admin::is_authorized(const net::RequestHead& request) const {
  constexpr std::string_view scheme = "bearer ";
  const auto value = request.fields.find("authorization");
  if (!value || detail::to_lower(value->substr(0, scheme.size())) != scheme) return false;
  return Secret(detail::trim(value->substr(scheme.size()))) == token_;
}

Response Admin::readiness() const {
  bool ready = true;
  std::string list;
  for (const ReadyCheck& check : checks_) {
    const auto fine = check.run();
    ready = ready && fine.has_value();
    list.append(list.empty() ? "" : ",").append(R"({"name":)").append(json_quote(check.name));
    list.append(fine ? R"(,"ready":true)"
                     : R"(,"ready":false,"detail":)" + json_quote(fine.error().describe()));
    list += '}';
  }
  const std::string_view verdict = ready ? "true" : "false";
  return Response::json(ready ? 200 : 503,
                        std::string(R"({"ready":)").append(verdict).append(R"(,"checks":[)") + list + "]}\n");
}

bool Admin::is_public(const net::RequestHead& request) const {
  const auto match = public_routes_.match(request.method, request.path());
  return !std::holds_alternative<net::Router::NotFound>(match);
}

net::Task<> Admin::handle(Exchange& exchange) const {
  const net::RequestHead& request = exchange.request();
  const bool open = is_public(request);
  auto refusal = guard_.refusal(request);
  if (!refusal && !open && !is_authorized(request)) {
    refusal = unauthorized();
    refused_login_();
  }
  if (refusal) {
    Response response = fresh(*std::move(refusal));
    (void)co_await exchange.respond(std::move(response));  // the peer is gone: nobody left to tell
    co_return;
  }
  const net::Router& routes = open ? public_routes_ : private_routes_;
  co_await routes.handle(exchange);
}

}  // namespace tongs::gateway
