#include "gateway/oauth/refusal.hpp"

#include <algorithm>
#include <array>

#include <tongs/json.hpp>

namespace tongs::gateway::oauth {

namespace {

struct Form {
  std::string_view name;  ///< of the reason
  std::string_view code;  ///< RFC 6749 5.2, RFC 8693 2.2.2
  int status;
};

/// In the order of `Reason`.
constexpr std::array<Form, kReasons> kForms = {{
    {"malformed", "invalid_request", 400},
    {"no_credentials", "invalid_client", 401},
    {"unknown_client", "invalid_client", 401},
    {"wrong_secret", "invalid_client", 401},
    {"wrong_certificate", "invalid_client", 401},
    {"foreign_address", "invalid_client", 401},
    {"bad_assertion", "invalid_client", 401},
    {"replayed_assertion", "invalid_client", 401},
    {"installation_ended", "invalid_grant", 400},
    {"bad_grant", "invalid_grant", 400},
    {"grant_not_allowed", "unauthorized_client", 400},
    {"unknown_grant", "unsupported_grant_type", 400},
    {"unknown_token_type", "unsupported_token_type", 400},
    {"scope", "invalid_scope", 400},
    {"target", "invalid_target", 400},
    {"no_token", "temporarily_unavailable", 503},
    {"rate_limited", "slow_down", 429},
    {"internal", "server_error", 500},
}};

const Form& form_of(Reason reason) noexcept { return kForms[static_cast<std::size_t>(reason)]; }

/// What may stand in `error_description`.
std::string plain(std::string text) {
  for (char& c : text) {
    if (c < ' ' || c > '~' || c == '"' || c == '\\') c = '\'';
  }
  return text;
}

constexpr std::chrono::seconds kPause{5};

}  // namespace

std::string_view to_string(Reason reason) noexcept { return form_of(reason).name; }

Refusal unproved(Reason reason) {
  return {.reason = reason,
          .description = "the client is not known here, or did not prove that it is that client"};
}

Refusal refusal_of(const Error& failure) {
  const std::string said = failure.describe();
  switch (failure.code()) {
    case Errc::forbidden:
    case Errc::not_found:
    case Errc::invalid_argument:
      return {.reason = Reason::bad_grant, .description = said};
    case Errc::rate_limited:
      return {.reason = Reason::rate_limited, .description = said, .retry_after = failure.retry_after()};
    case Errc::internal:
      return {.reason = Reason::internal, .description = "this is a fault of the gateway: see its log"};
    default:
      return {.reason = Reason::no_token, .description = said, .retry_after = failure.retry_after()};
  }
}

net::Response answer(const Refusal& refusal) {
  const Form& form = form_of(refusal.reason);
  auto response =
      net::Response::json(form.status, R"({"error":)" + json_quote(form.code) + R"(,"error_description":)" +
                                           json_quote(plain(refusal.description)) + "}\n");
  if (form.status == 401) response.headers.add("WWW-Authenticate", R"(Basic realm="tongs", charset="UTF-8")");
  if (form.status == 429 || form.status == 503) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(refusal.retry_after.value_or(kPause));
    response.headers.add("Retry-After", std::to_string(std::max<std::int64_t>(1, wait.count())));
  }
  return response;
}

}  // namespace tongs::gateway::oauth
