#include "gateway/proxying.hpp"

#include <algorithm>
#include <string>

#include <tongs/http.hpp>

#include "http/ascii.hpp"

namespace tongs::gateway {

bool is_idempotent(std::string_view method) noexcept {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "PUT" || method == "DELETE";
}

std::optional<net::Response> refused_method(std::string_view method) {
  // A method has its case (RFC 9110 9.1), but not every server knows that.
  const auto is = [&](std::string_view name) {
    return method.size() == name.size() && detail::to_lower(method) == name;
  };
  if (!is("trace") && !is("connect")) return std::nullopt;
  return net::Response::problem(501, "method-not-implemented", "TRACE and CONNECT are not passed on");
}

ConnectionOptions::ConnectionOptions(const net::Fields& fields) {
  for (const net::Field& field : fields) {
    if (!same_header_name(field.name, "connection")) continue;
    for (std::string_view rest = field.value; !rest.empty();) {
      const auto comma = std::min(rest.find(','), rest.size());
      std::string_view option = rest.substr(0, comma);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      while (!option.empty() && (option.front() == ' ' || option.front() == '\t')) option.remove_prefix(1);
      while (!option.empty() && (option.back() == ' ' || option.back() == '\t')) option.remove_suffix(1);
      if (!option.empty()) options_.push_back(option);
    }
  }
}

bool ConnectionOptions::name(std::string_view field) const noexcept {
  return std::ranges::any_of(options_,
                             [&](std::string_view option) { return same_header_name(option, field); });
}

net::HeaderText response_lines(const net::ResponseHead& response,
                               bool (*withheld)(std::string_view name) noexcept) {
  constexpr std::size_t usual = 512;
  const ConnectionOptions options(response.fields);
  net::HeaderText lines;
  lines.reserve(usual);
  for (const net::Field& field : response.fields) {
    if (!detail::is_hop_by_hop(field.name) && !same_header_name(field.name, "content-length") &&
        !options.name(field.name) && !(withheld && withheld(field.name))) {
      lines.add(field.name, field.value);
    }
  }
  return lines;
}

net::HeaderText trailer_lines(const net::Fields& trailers, const net::Fields& head,
                              bool (*withheld)(std::string_view name) noexcept) {
  net::HeaderText lines;
  if (trailers.size() == 0) return lines;
  const ConnectionOptions options(head);
  for (const net::Field& field : trailers) {
    if (!detail::is_reserved(field.name) && !options.name(field.name) &&
        !(withheld && withheld(field.name))) {
      lines.add(field.name, field.value);
    }
  }
  return lines;
}

net::Task<Result<void>> pass_body(net::Exchange& exchange, net::Call& call,
                                  bool (*withheld)(std::string_view name) noexcept) {
  for (;;) {
    auto piece = co_await exchange.read_body();
    if (!piece) co_return std::move(piece).error();
    if (piece->empty()) break;
    auto written = co_await call.write(*piece);
    if (!written) break;
  }
  const net::HeaderText trailers =
      trailer_lines(exchange.request_trailers(), exchange.request().fields, withheld);
  (void)co_await call.end(trailers.text());  // that it failed shows when the answer is read
  co_return Result<void>{};
}

net::Task<Result<void>> pass_back(net::Exchange& exchange, net::Call& call, std::string_view header_lines) {
  // What came along with the head is read before anything goes out: if it is broken, there can be another
  // answer.
  auto piece = call.body_at_hand();
  if (call.is_broken()) {
    auto broken = co_await call.read_body();
    co_return std::move(broken).error();
  }
  exchange.begin(call.head().status, call.head().reason, header_lines, call.head().framing.content_length);
  for (;;) {
    if (!piece) {
      auto sent = co_await exchange.flush();
      if (!sent) co_return Result<void>{};  // the caller has left
      auto waited = co_await call.read_body();
      if (!waited) {
        exchange.abort();
        co_return std::move(waited).error();
      }
      piece = *waited;
    }
    if (piece->empty()) break;
    if (!exchange.offer(*piece)) {
      auto sent = co_await exchange.flush();
      if (!sent) co_return Result<void>{};
    }
    piece = call.body_at_hand();
  }
  const net::HeaderText trailers = trailer_lines(call.trailers(), call.head().fields);
  if (!exchange.finish(trailers.text())) (void)co_await exchange.flush();  // the caller may have left
  co_return Result<void>{};
}

}  // namespace tongs::gateway
