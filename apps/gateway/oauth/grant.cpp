#include "gateway/oauth/grant.hpp"

#include <utility>

namespace tongs::gateway::oauth {

namespace {

constexpr std::string_view kConnectAccount = "urn:atlassian:connect:useraccountid:";
constexpr std::string_view kConnect = "urn:atlassian:connect:";

Refusal malformed(std::string_view what) {
  return {.reason = Reason::malformed, .description = std::string(what)};
}

}  // namespace

Subject subject_of_grant(std::string_view grant_type) noexcept {
  if (grant_type == kClientCredentials) return Subject::client_credentials;
  if (grant_type == kTokenExchange) return Subject::token_exchange;
  return grant_type == kJwtBearer ? Subject::jwt_bearer : Subject::other_grant;
}

Outcome<AccountId> account_of_exchange(const Form& form) {
  if (!form["audience"].empty() || !form["resource"].empty()) {
    return Refusal{Reason::target,
                   "a token is good for the products that the app is installed in, and for no other"};
  }
  if (!form["actor_token"].empty() || !form["actor_token_type"].empty()) {
    return malformed("leave out actor_token: who acts is the client");
  }
  const auto wanted = form["requested_token_type"];
  if (!wanted.empty() && wanted != kAccessToken) {
    return malformed("requested_token_type can only be urn:ietf:params:oauth:token-type:access_token");
  }
  if (form["subject_token"].empty() || form["subject_token_type"] != kAccountId) {
    return malformed(
        "subject_token must be the account id of the user, and subject_token_type "
        "urn:tongs:params:oauth:token-type:account-id");
  }
  auto account = AccountId::parse(form["subject_token"]);
  if (!account) return malformed("subject_token is no account id");
  return *std::move(account);
}

Outcome<AccountId> account_of_subject(std::string_view subject) {
  if (subject.starts_with(kConnectAccount)) {
    subject.remove_prefix(kConnectAccount.size());
  } else if (subject.starts_with(kConnect)) {
    return Refusal{Reason::bad_grant,
                   "sub must name the user by account id: urn:atlassian:connect:useraccountid:<account id>"};
  }
  auto account = AccountId::parse(subject);
  if (!account) return Refusal{Reason::bad_grant, "sub of the assertion names no account id"};
  return *std::move(account);
}

}  // namespace tongs::gateway::oauth
