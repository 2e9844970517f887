#include "auth/jwks_http.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "http/ascii.hpp"
#include "http/response_error.hpp"
#include "http/retry_after.hpp"

namespace tongs::detail {

namespace {

using std::chrono::seconds;

/// The number of a directive, quoted or not (RFC 9111 5.2).
std::optional<seconds> delta_seconds(std::string_view text) noexcept {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  const auto wait = parse_wait_seconds(text);
  if (!wait) return std::nullopt;
  return std::chrono::floor<seconds>(*wait);
}

std::optional<seconds> max_age(std::string_view cache_control) {
  constexpr std::string_view name = "max-age=";
  while (!cache_control.empty()) {
    const std::size_t comma = std::min(cache_control.find(','), cache_control.size());
    const std::string_view directive = trim(cache_control.substr(0, comma));
    if (to_lower(directive.substr(0, name.size())) == name)
      return delta_seconds(directive.substr(name.size()));
    cache_control.remove_prefix(std::min(comma + 1, cache_control.size()));
  }
  return std::nullopt;
}

}  // namespace

HttpRequest jwks_request(std::string url) {
  return {.method = "GET",
          .url = std::move(url),
          .headers = {{.name = "accept", .value = "application/jwk-set+json, application/json"}},
          .body = {}};
}

Result<JwksAnswer> read_jwks_answer(const HttpResponse& response, const JwksPolicy& policy, WallTime now) {
  if (response.status != 200) return error_from_response(response, "the key set was not given out", now);
  auto keys = jose::parse_jwks(response.body, {.max_bytes = policy.max_bytes, .max_keys = policy.max_keys});
  if (!keys) return std::move(keys).error();
  return JwksAnswer{*std::move(keys), max_age(response.header("cache-control"))};
}

}  // namespace tongs::detail
