#pragma once
#include <string_view>

#include <tongs/ids.hpp>

#include "gateway/oauth/form.hpp"
#include "gateway/oauth/metrics.hpp"
#include "gateway/oauth/refusal.hpp"

namespace tongs::gateway::oauth {

inline constexpr std::string_view kClientCredentials = "client_credentials";
inline constexpr std::string_view kTokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
inline constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
inline constexpr std::string_view kAccessToken = "urn:ietf:params:oauth:token-type:access_token";
/// Of a `subject_token` that is the account id of a user. It proves nothing: that the app may act for him was
/// decided when it was installed, and is checked by Atlassian at each token (contract 4.1).
inline constexpr std::string_view kAccountId = "urn:tongs:params:oauth:token-type:account-id";

/// What a `grant_type` is about; `other_grant`: it is none of ours.
Subject subject_of_grant(std::string_view grant_type) noexcept;

/// The user that a token exchange (RFC 8693 2.1) is about.
Outcome<AccountId> account_of_exchange(const Form& form);

/// The user that the `sub` of an assertion names: `urn:atlassian:connect:useraccountid:ACCOUNT`, or the bare
/// id.
Outcome<AccountId> account_of_subject(std::string_view subject);

}  // namespace tongs::gateway::oauth
