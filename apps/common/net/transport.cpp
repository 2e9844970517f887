#include "common/net/transport.hpp"

#include "common/net/response.hpp"
#include "http/header_rules.hpp"
#include "http/url.hpp"

namespace tongs::net {

namespace {

bool is_idempotent(std::string_view method) noexcept {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "PUT" || method == "DELETE";
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view url) {
  auto parsed = detail::parse_url(url);
  if (!parsed) return std::move(parsed).error();
  std::string_view host = parsed->host;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  Endpoint endpoint{.to = {.tls = parsed->scheme == "https",
                           .host = std::string(host),
                           .port = parsed->port,
                           .unix_path = {}},
                    .target = std::move(parsed->path)};
  if (!parsed->query.empty()) endpoint.target.append("?").append(parsed->query);
  return endpoint;
}

Task<Result<HttpResponse>> ClientTransport::send(HttpRequest request, MonoTime deadline) {
  auto endpoint = parse_endpoint(request.url);
  if (!endpoint) co_return std::move(endpoint).error();
  auto sound = detail::check_headers(request.headers);
  if (!sound) co_return std::move(sound).error();

  HeaderText lines;
  lines.add("Host", endpoint->to.authority());
  for (const Header& header : request.headers) lines.add(header.name, header.value);
  const RequestText text{.method = request.method,
                         .target = endpoint->target,
                         .header_lines = lines.text(),
                         .length = request.body.size(),
                         .replayable = is_idempotent(request.method)};
  auto call = co_await client_.send(endpoint->to, text, request.body, deadline);
  if (!call) co_return std::move(call).error();

  HttpResponse response{.status = call->head().status, .headers = {}, .body = {}};
  for (const Field& field : call->head().fields) {
    response.headers.push_back({std::string(field.name), std::string(field.value), false});
  }
  for (;;) {
    auto piece = co_await call->read_body(deadline);
    if (!piece) co_return std::move(piece).error();
    if (piece->empty()) co_return response;
    if (response.body.size() + piece->size() > max_bytes_) {
      co_return Error(Errc::malformed_response, "the peer's answer is too large");
    }
    response.body += *piece;
  }
}

}  // namespace tongs::net
