#include "http/response_error.hpp"

#include <array>
#include <utility>

#include <tongs/json.hpp>

#include "http/excerpt.hpp"
#include "http/rate_limit.hpp"

namespace tongs::detail {

namespace {

constexpr std::size_t kMaxMessages = 16;
constexpr std::size_t kMaxIdentifier = 128;
constexpr JsonDocument::Limits kErrorBody{.max_bytes = std::size_t{1024} * 1024, .max_depth = 32};

void add_message(RemoteDetail& detail, std::string_view message) {
  if (!message.empty() && detail.messages.size() < kMaxMessages) detail.messages.push_back(excerpt(message));
}

/// One error as an object: whichever of these members are strings, in this order, joined by ": ".
std::string describe(JsonView error) {
  std::string text;
  for (const char* name :
       {"code", "error", "title", "message", "detail", "errorMessage", "error_description"}) {
    const std::string_view part = error[name].string_or({});
    if (part.empty()) continue;
    if (!text.empty()) text += ": ";
    text += part;
  }
  return text;
}

void add_errors(RemoteDetail& detail, JsonView errors) {
  for (const JsonView error : errors) add_message(detail, error.string_or(describe(error)));
}

void add_fields(RemoteDetail& detail, JsonView errors) {
  for (auto field = errors.begin(); field != errors.end() && detail.fields.size() < kMaxMessages; ++field) {
    detail.fields.emplace_back(excerpt(field.key()), excerpt((*field).string_or((*field).text())));
  }
}

void read_body(RemoteDetail& detail, std::string_view body) {
  if (body.find_first_of("{[") == std::string_view::npos) return;
  const auto document = JsonDocument::parse(body, kErrorBody);
  if (!document) return;  // HTML or plain text: the excerpt has it
  const JsonView root = document->root();
  if (root.kind() == JsonView::Kind::array) return add_errors(detail, root);
  add_message(detail, describe(root));
  add_errors(detail, root["errorMessages"]);
  const JsonView errors = root["errors"];
  if (errors.kind() == JsonView::Kind::object) return add_fields(detail, errors);
  add_errors(detail, errors);
}

std::string request_id(const HttpResponse& response) {
  for (const char* name : {"atl-traceid", "x-b3-traceid", "x-request-id"}) {
    const std::string_view id = response.header(name);
    if (!id.empty()) return excerpt(id, kMaxIdentifier);
  }
  return {};
}

std::string_view reason(Errc code, const RemoteDetail& detail) noexcept {
  if (detail.failure_category == kScopeCheckFailed) {
    return "the token lacks a scope of this operation; add it to permissions.scopes of the manifest";
  }
  switch (code) {
    case Errc::invalid_argument:
      return "the peer finds the request wrong; the remote detail says what";
    case Errc::rejected:
      return "the credential was not accepted (401)";
    case Errc::forbidden:
      return "the credential is accepted, but not allowed to do this (403)";
    case Errc::not_found:
      return "there is no such thing, or it is not visible to this identity";
    case Errc::conflict:
      return "the state of the thing does not allow it now";
    case Errc::rate_limited:
      return "too many requests (429)";
    case Errc::unavailable:
      return "the peer failed (5xx)";
    default:
      return "the peer answered with a status that has no meaning here";
  }
}

}  // namespace

bool refuses_credential(const HttpResponse& response) noexcept {
  return response.status == 401 && response.header("x-failure-category") != kScopeCheckFailed;
}

Errc code_of_status(int status) noexcept {
  switch (status) {
    case 400:
    case 422:
      return Errc::invalid_argument;
    case 401:
      return Errc::rejected;
    case 403:
      return Errc::forbidden;
    case 404:
    case 410:
      return Errc::not_found;
    case 409:
    case 412:
      return Errc::conflict;
    case 429:
      return Errc::rate_limited;
    default:
      return status >= 500 && status <= 599 ? Errc::unavailable : Errc::unexpected_status;
  }
}

RemoteDetail remote_detail(const HttpResponse& response) {
  RemoteDetail detail;
  detail.http_status = response.status;
  detail.request_id = request_id(response);
  detail.failure_category = excerpt(response.header("x-failure-category"), kMaxIdentifier);
  detail.rate_limit_reason = excerpt(response.header("ratelimit-reason"), kMaxIdentifier);
  detail.body_excerpt = excerpt(response.body);
  read_body(detail, response.body);
  return detail;
}

Error error_from_response(const HttpResponse& response, std::string what_failed, WallTime now) {
  const Errc code = code_of_status(response.status);
  RemoteDetail detail = remote_detail(response);
  what_failed.append(": ").append(reason(code, detail));
  Error error = Error(code, std::move(what_failed)).with_remote(std::move(detail));
  const bool may_ask = code == Errc::rate_limited || code == Errc::unavailable;
  if (const auto wait = may_ask ? asked_wait(response, now) : std::nullopt) {
    return std::move(error).with_retry_after(*wait);
  }
  return error;
}

}  // namespace tongs::detail
