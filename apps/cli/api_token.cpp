#include "cli/api_token.hpp"

#include <chrono>
#include <string>
#include <utility>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>
#include <tongs/json.hpp>

#include "common/net/basic.hpp"
#include "common/process.hpp"
#include "http/response_error.hpp"
#include "http/url.hpp"

namespace tongs::cli {

namespace {

constexpr std::chrono::seconds kPatience{30};

Result<std::string> variable(const char* name, const char* otherwise) {
  auto value = process::environment_variable(name);
  if (!value || value->empty()) return Error(Errc::invalid_argument, otherwise);
  return *std::move(value);
}

/// What is asked of the token endpoint.
Result<std::string> form_of(const std::string& as) {
  if (as == "app") return std::string("grant_type=client_credentials");
  const auto account = AccountId::parse(as);
  if (!account) return account.error();
  return "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=" +
         detail::percent_encode(account->str()) +
         "&subject_token_type=urn%3Atongs%3Aparams%3Aoauth%3Atoken-type%3Aaccount-id";
}

/// RFC 6749 5.1 and 5.2.
Result<Secret> token_in(HttpResponse answer) {
  if (answer.status != 200) {
    return detail::error_from_response(answer, "the token endpoint gives no token",
                                       Clock::system()->wall_now());
  }
  const auto document = JsonDocument::parse(answer.body);
  wipe(answer.body);
  const auto token = document ? document->root()["access_token"].string() : std::nullopt;
  if (token && !token->empty()) return Secret(*token);
  return Error(Errc::malformed_response, "the token endpoint answered without an access_token");
}

Result<Secret> token_from(const ApiOptions& options, const Transport& transport) {
  constexpr const char* missing =
      "--token-url needs the client's id in the variable TONGS_CLIENT_ID and its secret in "
      "TONGS_CLIENT_SECRET";
  if (!detail::is_https_or_loopback(options.token_url))
    return Error(Errc::invalid_argument, "--token-url must be an https URL, or one of this machine");
  const auto id = variable("TONGS_CLIENT_ID", missing);
  if (!id) return id.error();
  auto secret = variable("TONGS_CLIENT_SECRET", missing);
  if (!secret) return secret.error();
  auto form = form_of(options.as);
  if (!form) return form.error();
  std::string password = detail::percent_encode(*secret);
  wipe(*secret);
  const Secret credentials = net::basic_credentials(detail::percent_encode(*id), password);
  wipe(password);
  HttpRequest request{.method = "POST",
                      .url = options.token_url,
                      .headers = {{"authorization", std::string(credentials.reveal()), true},
                                  {"content-type", "application/x-www-form-urlencoded"},
                                  {"accept", "application/json"}},
                      .body = *std::move(form)};
  auto answer = transport.send(request, CallOptions::within(kPatience));
  wipe(request.headers.front().value);
  if (!answer)
    return Error(answer.error().code(), "the token endpoint was called").with_cause(answer.error());
  return token_in(*std::move(answer));
}

}  // namespace

Result<Secret> api_token(const ApiOptions& options, const Transport& transport) {
  if (!options.token_url.empty()) return token_from(options, transport);
  auto token =
      variable("TONGS_API_TOKEN",
               "--api-base-url needs an access token in the variable TONGS_API_TOKEN, or --token-url");
  if (!token) return token.error();
  return Secret(*std::move(token));
}

}  // namespace tongs::cli
