#include "common/router.hpp"

#include <optional>
#include <stdexcept>

#include "http/url.hpp"

namespace tongs::net {

namespace {

/// Takes the next segment, with its slash, off the front of a path.
std::string_view next_segment(std::string_view& path) {
  const std::size_t end = path.find('/', 1);
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(segment.size());
  return segment;
}

std::optional<PathParameters> fit(std::string_view pattern, std::string_view path) {
  PathParameters parameters;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_segment(pattern), segment = next_segment(path);
    if (!wanted.starts_with("/{")) {
      if (wanted != segment) return std::nullopt;
      continue;
    }
    auto value = detail::percent_decode(segment.substr(1));
    if (!segment.starts_with('/') || !value || value->empty()) return std::nullopt;
    parameters.add(wanted.substr(2, wanted.size() - 3), std::move(*value));
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

Response refusal_for(const Router::Match& match) {
  const auto* wrong = std::get_if<Router::WrongMethod>(&match);
  if (!wrong) return Response::problem(404, "not-found", "there is nothing at this path");
  return Response::wrong_method(wrong->allowed);
}

bool answers(std::string_view route_method, std::string_view method) noexcept {
  return route_method == method || (route_method == "GET" && method == "HEAD");
}

}  // namespace

const std::string& PathParameters::at(std::string_view name) const {
  for (const auto& [known, value] : list_) {
    if (known == name) return value;
  }
  throw std::logic_error("no such segment in the pattern: " + std::string(name));
}

Router& Router::on(std::string_view method, std::string_view pattern, RouteHandler handler) {
  routes_.push_back({std::string(method), std::string(pattern), std::move(handler)});
  return *this;
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  std::string allowed;
  for (const Route& route : routes_) {
    auto parameters = fit(route.pattern, path);
    if (!parameters) continue;
    if (answers(route.method, method)) return Found{&route.handler, std::move(*parameters)};
    allowed.append(allowed.empty() ? "" : ", ").append(route.method);
    if (route.method == "GET") allowed += ", HEAD";
  }
  if (allowed.empty()) return NotFound{};
  return WrongMethod{std::move(allowed)};
}

Task<> Router::handle(Exchange& exchange) const {
  const RequestHead& request = exchange.request();
  const Match match = this->match(request.method, request.path());
  Result<void> sent;
  if (const auto* found = std::get_if<Found>(&match)) {
    sent = co_await (*found->handler)(exchange, found->parameters);
  } else {
    Response refusal = refusal_for(match);
    sent = co_await exchange.respond(std::move(refusal));
  }
  (void)sent;  // the peer is gone: nobody left to tell
}

}  // namespace tongs::net
