#include "gateway/ingress/refusals.hpp"

#include <utility>

#include "gateway/proxying.hpp"
#include "http/url.hpp"

namespace tongs::gateway {

namespace {

Refusal refuse(int status, std::string_view reason, std::string_view detail) {
  return {reason, std::string(detail), net::Response::problem(status, reason, detail)};
}

net::Response answer_to(const Error& verdict) {
  switch (verdict.code()) {
    case Errc::keys_unavailable:
    case Errc::deadline_exceeded:
      return net::Response::unavailable(
          "keys-unavailable", "the token could not be checked because Forge's public keys cannot be had now",
          verdict.retry_after());
    case Errc::unavailable:
    case Errc::internal:
      return net::Response::unavailable("undecided", verdict.message(), verdict.retry_after());
    default: {
      auto response = net::Response::problem(401, to_string(verdict.code()), verdict.message());
      response.headers.add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
      return response;
    }
  }
}

}  // namespace

bool is_about_server(const net::RequestHead& request) noexcept {
  return request.method == "OPTIONS" && request.target == "*";
}

Refusal refusal_of(const Error& verdict) {
  return {to_string(verdict.code()), verdict.describe(), answer_to(verdict)};
}

std::optional<Refusal> objection_to(const net::RequestHead& request, std::string_view peer,
                                    const net::Networks& sources) {
  if (!sources.empty() && !sources.contain(peer)) {
    return refuse(403, "source_not_allowed", "this address may not call: it is not in ingress.allow_from");
  }
  const std::string_view path = request.path();
  const bool is_path = path.starts_with('/') && !detail::has_dot_segment(path);
  if (!is_path && !is_about_server(request)) {
    return refuse(400, "malformed_request", "the target must be a path without . and .. segments");
  }
  if (auto answer = refused_method(request.method)) {
    return Refusal{"method_not_implemented", "the method is passed on nowhere", *std::move(answer)};
  }
  return std::nullopt;
}

Refusal forbidden_origin(net::Response answer) {
  return {"origin_not_allowed", "the page's origin is not in ingress.cors_origins", std::move(answer)};
}

std::string_view reason_of(const net::Refusal& refusal) noexcept {
  if (refusal.of == net::Refusal::Of::proxy_header) return "proxy_header";
  if (refusal.of == net::Refusal::Of::handshake) return "tls_handshake";
  return net::refusal_word(refusal.status);
}

}  // namespace tongs::gateway
