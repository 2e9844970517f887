#include "common/net/response.hpp"

#include <algorithm>

#include <tongs/json.hpp>

#include "http/header_rules.hpp"

namespace tongs::net {

HeaderText& HeaderText::add(std::string_view name, std::initializer_list<std::string_view> parts) {
  constexpr std::string_view colon = ": ", line_end = "\r\n";
  const std::size_t line = text_.size(), value = line + name.size() + colon.size();
  text_.append(name).append(colon);
  for (const std::string_view part : parts) text_.append(part);
  if (detail::is_field_value(std::string_view(text_).substr(value))) {
    text_.append(line_end);
  } else {
    text_.resize(line);
  }
  return *this;
}

Response Response::text(int status, std::string body, std::string_view type) {
  Response response{.status = status, .headers = {}, .body = std::move(body)};
  response.headers.add("Content-Type", type);
  return response;
}

Response Response::json(int status, std::string body) {
  return text(status, std::move(body), "application/json");
}

Response Response::problem(int status, std::string_view type, std::string_view detail) {
  std::string uri = std::string("urn:tongs:problem:").append(type);
  std::ranges::replace(uri, '_', '-');
  std::string body = R"({"type":)" + json_quote(uri) + R"(,"title":)" + json_quote(reason_phrase(status)) +
                     R"(,"status":)" + std::to_string(status) + R"(,"detail":)" + json_quote(detail) + "}\n";
  return text(status, std::move(body), "application/problem+json");
}

Response Response::wrong_method(std::string_view allowed) {
  auto response = problem(405, "method-not-allowed", "this path has other methods: see the Allow header");
  response.headers.add("Allow", allowed);
  return response;
}

Response Response::unavailable(std::string_view type, std::string_view detail,
                               std::optional<std::chrono::milliseconds> retry_after) {
  auto response = problem(503, type, detail);
  response.retry_after(retry_after.value_or(std::chrono::seconds(1)));
  return response;
}

Response& Response::retry_after(std::chrono::milliseconds wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  headers.add("Retry-After", std::to_string(std::max<std::int64_t>(1, seconds)));
  return *this;
}

std::string_view refusal_word(int status) noexcept {
  switch (status) {
    case 408:
      return "request_timeout";
    case 413:
      return "content_too_large";
    case 431:
      return "head_too_large";
    case 501:
      return "coding_not_implemented";
    case 505:
      return "version_not_supported";
    default:
      return "malformed_request";
  }
}

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 100:
      return "Continue";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return {};
  }
}

}  // namespace tongs::net
