#include "auth/token_answer_codec.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tongs/installation.hpp>
#include <tongs/json.hpp>

#include "http/ascii.hpp"
#include "http/excerpt.hpp"
#include "http/rate_limit.hpp"
#include "http/response_error.hpp"

namespace tongs::detail {

namespace {

constexpr std::size_t kMaxAnswerBytes = 256 * 1024;
constexpr std::size_t kMaxMessages = 16;
constexpr std::size_t kMaxIdentifier = 128;

/// What an answer says, `null` if that is no JSON. The document wipes what it holds.
JsonDocument read(std::string body) {
  auto document = JsonDocument::parse(body, {.max_bytes = kMaxAnswerBytes});
  wipe(body);
  return document ? *std::move(document) : JsonDocument::parse("null").value();
}

/// What the operation gave.
JsonView payload_of(const JsonDocument& answer) { return answer.root().at("data", "offlineUserAuthToken"); }

/// What GraphQL errors say.
struct Refusal {
  RemoteDetail detail;
  std::optional<int> status;

  void add(JsonView errors) {
    if (errors.kind() != JsonView::Kind::array) return;
    for (const JsonView error : errors) {
      const auto message = error["message"].string();
      if (message && detail.messages.size() < kMaxMessages) detail.messages.push_back(excerpt(*message));
      const auto code = error["extensions"]["statusCode"].integer();
      if (!status && code && *code >= 400 && *code <= 599) status = static_cast<int>(*code);
      const auto type = error["extensions"]["errorType"].string();
      if (type && detail.failure_category.empty()) detail.failure_category = excerpt(*type, kMaxIdentifier);
    }
  }
};

std::string_view reason(Errc code) noexcept {
  switch (code) {
    case Errc::malformed_response:
      return "the answer holds neither a token with its end nor a GraphQL error";
    case Errc::rejected:
      return "the system token was not accepted";
    case Errc::forbidden:
      return "the app may not act for this user: check allowImpersonation of the scopes, the user's access "
             "to the product, and that the context ARI is the installation's own";
    case Errc::rate_limited:
      return "too many token requests of this app";
    case Errc::unavailable:
      return "the platform could not answer";
    default:
      return "the platform finds the request wrong; the remote detail says what";
  }
}

/// What GraphQL says without a token. `bare` is the answer without its body.
Error refusal(const HttpResponse& bare, const JsonDocument& answer, WallTime now) {
  const JsonView root = answer.root();
  const JsonView payload = payload_of(answer);
  Refusal said{.detail = remote_detail(bare), .status = {}};
  said.add(root["errors"]);
  const bool operation_failed = !said.detail.messages.empty();
  said.add(payload["errors"]);
  const auto request_id = root["extensions"]["gateway"]["request_id"].string();
  if (request_id && said.detail.request_id.empty()) {
    said.detail.request_id = excerpt(*request_id, kMaxIdentifier);
  }

  Errc code = Errc::malformed_response;
  if (said.status) {
    code = code_of_status(*said.status);
  } else if (payload["success"].boolean() == false) {
    code = Errc::forbidden;
  } else if (operation_failed) {
    code = Errc::unavailable;
  }
  Error error = Error(code, std::string("no offline user token: ").append(reason(code)))
                    .with_remote(std::move(said.detail));
  const auto wait = asked_wait(bare, now);
  return wait ? std::move(error).with_retry_after(*wait) : error;
}

std::optional<FetchedToken> read_direct(JsonView payload) {
  const auto token = payload["authToken"]["token"].string();
  const auto ttl = payload["authToken"]["ttl"].integer();
  if (!token || !ttl || payload["success"].boolean() == false) return std::nullopt;
  return FetchedToken{.token = Secret(*token), .life = std::chrono::seconds(*ttl)};
}

std::optional<FetchedToken> read_proxy(JsonView payload) {
  const auto token = payload["accessToken"].string();
  const auto expiry = payload["expiry"].integer();
  if (!token || !expiry) return std::nullopt;
  return FetchedToken{.token = Secret(*token), .expires_at = WallTime(std::chrono::seconds(*expiry))};
}

using Reader = std::optional<FetchedToken> (*)(JsonView payload);

Result<FetchedToken> decode(HttpResponse response, WallTime now, Reader read_token) {
  if (response.status < 200 || response.status > 299) {
    return error_from_response(response, "no offline user token", now);
  }
  const JsonDocument answer = read(std::exchange(response.body, {}));
  if (auto token = read_token(payload_of(answer))) return *std::move(token);
  return refusal(response, answer, now);
}

/// What a refusal of RFC 6749 5.2 means; nothing if it is no such name.
std::optional<Errc> code_of_oauth_error(std::string_view name) noexcept {
  constexpr std::array<std::pair<std::string_view, Errc>, 9> known{{
      {"invalid_client", Errc::rejected},
      {"unauthorized_client", Errc::forbidden},
      {"access_denied", Errc::forbidden},
      {"temporarily_unavailable", Errc::unavailable},
      {"server_error", Errc::unavailable},
      {"invalid_request", Errc::invalid_argument},
      {"invalid_grant", Errc::invalid_argument},
      {"invalid_scope", Errc::invalid_argument},
      {"unsupported_grant_type", Errc::invalid_argument},
  }};
  const auto* const found =
      std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.first == name; });
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

std::string_view oauth_reason(Errc code) noexcept {
  switch (code) {
    case Errc::rejected:
      return "it does not know this client, or its secret is wrong";
    case Errc::forbidden:
      return "this client may not have one";
    case Errc::unavailable:
      return "it cannot answer now";
    default:
      return "it finds the request wrong; the remote detail says what";
  }
}

Error oauth_refusal(const HttpResponse& response, WallTime now) {
  const JsonDocument answer = read(response.body);
  const auto code = code_of_oauth_error(answer.root()["error"].string().value_or(""));
  const bool by_status = !code || response.status == 429 || response.status >= 500;
  if (by_status) return error_from_response(response, "the token endpoint gives no token", now);
  Error error = Error(*code, std::string("the token endpoint gives no token: ").append(oauth_reason(*code)))
                    .with_remote(remote_detail(response));
  const auto wait = asked_wait(response, now);
  return wait ? std::move(error).with_retry_after(*wait) : error;
}

bool is_bearer(std::string_view type) noexcept { return to_lower(type) == "bearer"; }

}  // namespace

Result<FetchedToken> decode_oauth_answer(HttpResponse response, WallTime now) {
  if (response.status < 200 || response.status > 299) return oauth_refusal(response, now);
  const JsonDocument answer = read(std::exchange(response.body, {}));
  const auto token = answer.root()["access_token"].string();
  const auto type = answer.root()["token_type"].string();
  const JsonView stated = answer.root()["expires_in"];
  const auto life = stated.integer();
  if (!token || !type || !is_bearer(*type) || (stated && !life)) {
    return Error(
               Errc::malformed_response,
               "the token endpoint answered without a Bearer access_token, or with an expires_in that is no "
               "number")
        .with_remote(remote_detail(response));
  }
  if (life) return FetchedToken{.token = Secret(*token), .life = std::chrono::seconds(*life)};
  const auto own = unverified_expiry(*token);
  return FetchedToken{.token = Secret(*token),
                      .expires_at = own.value_or(now + InstallationCredentials::kOpaqueLife)};
}

Result<FetchedToken> decode_direct_answer(HttpResponse response, WallTime now) {
  return decode(std::move(response), now, read_direct);
}

Result<FetchedToken> decode_proxy_answer(HttpResponse response, WallTime now) {
  return decode(std::move(response), now, read_proxy);
}

}  // namespace tongs::detail
