#include "gateway/ingress/cors.hpp"

#include <algorithm>

#include <tongs/http.hpp>

#include "http/url.hpp"

namespace tongs::gateway {

namespace {

constexpr std::string_view kMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
constexpr std::string_view kMaxAge = "600";
constexpr std::string_view kAnyName = "://*.";

/// `https://*.example.com` allows `https://a.example.com`, not `https://example.com`.
bool matches(std::string_view pattern, std::string_view origin) noexcept {
  const auto star = pattern.find(kAnyName);
  if (star == std::string_view::npos) return pattern == origin;
  const std::string_view scheme = pattern.substr(0, star + 3), rest = pattern.substr(star + 4);
  return origin.size() > scheme.size() + rest.size() && origin.starts_with(scheme) && origin.ends_with(rest);
}

}  // namespace

const char* Cors::check_origin(std::string_view origin) {
  std::string concrete(origin);
  if (const auto star = concrete.find(kAnyName); star != std::string::npos) concrete[star + 3] = 'x';
  const auto url = detail::parse_url(concrete);
  if (!url || detail::origin(*url) != concrete) {
    return "must be an origin such as \"https://app.example.com\", without a path, or with \"*.\" before the "
           "name";
  }
  return detail::is_https_or_loopback(*url) ? nullptr
                                            : "must be https: whoever is on the way can be that page";
}

std::optional<net::Response> Cors::answer_preflight(const net::RequestHead& request) const {
  if (origins_.empty() || request.method != "OPTIONS") return std::nullopt;
  const auto origin = request.fields.find("origin");
  if (!origin || !request.fields.find("access-control-request-method")) return std::nullopt;
  if (!allows(*origin)) {
    return net::Response::problem(403, "origin-not-allowed",
                                  "this page may not call: its origin is not in ingress.cors_origins");
  }
  net::Response answer{.status = 204, .headers = {}, .body = {}};
  answer.headers.add("Access-Control-Allow-Methods", kMethods);
  if (const auto wanted = request.fields.find("access-control-request-headers")) {
    answer.headers.add("Access-Control-Allow-Headers", *wanted);
  }
  answer.headers.add("Access-Control-Max-Age", kMaxAge);
  return answer;
}

net::HeaderText Cors::answer_lines(const net::RequestHead& request) const {
  net::HeaderText lines;
  if (origins_.empty()) return lines;
  lines.add("Vary", "Origin");
  const auto origin = request.fields.find("origin");
  if (origin && allows(*origin)) lines.add("Access-Control-Allow-Origin", *origin);
  return lines;
}

bool Cors::allows(std::string_view origin) const noexcept {
  return std::ranges::any_of(origins_, [&](const std::string& pattern) { return matches(pattern, origin); });
}

bool says_who_reads(std::string_view name) noexcept {
  return same_header_name(name, "access-control-allow-origin");
}

}  // namespace tongs::gateway
