#pragma once
#include <string>
#include <string_view>

#include <tongs/clock.hpp>

#include "gateway/broker/broker.hpp"
#include "gateway/oauth/form.hpp"
#include "gateway/oauth/issued_tokens.hpp"
#include "gateway/oauth/refusal.hpp"

namespace tongs::gateway::oauth {

/// `POST /oauth2/introspect` (RFC 7662 2). A token that did not go to this installation, has ended, or was
/// revoked by this client is not active, and nothing else is said of it.
Outcome<net::Response> introspect(const Form& form, const vault::OAuthClient& client, const Broker& broker,
                                  IssuedTokens& issued, std::string_view issuer, WallTime now);

/// `POST /oauth2/revoke` (RFC 7009 2). The client is not given this token again, and for everybody else of
/// the installation any other one comes first. Atlassian has no way to end a token before its time: whoever
/// has it already can use it until then.
Outcome<net::Response> revoke(const Form& form, const vault::OAuthClient& client, Broker& broker,
                              IssuedTokens& issued, WallTime now);

}  // namespace tongs::gateway::oauth
