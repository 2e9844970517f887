#pragma once
#include <string>
#include <string_view>

#include "gateway/oauth/credentials.hpp"
#include "vault/oauth_client.hpp"

namespace tongs::gateway::oauth {

/// What administrators see of a client: a JSON object, without anything that proves to be it.
std::string describe(const vault::OAuthClient& client);

/// The same with what the client needs to ask for tokens: its new secret, if it has one, and where to ask
/// (empty: nowhere, the listener is off). The only place where a secret is written; wipe it.
std::string describe(const vault::OAuthClient& client, const Secret& secret, std::string_view token_endpoint);

}  // namespace tongs::gateway::oauth
