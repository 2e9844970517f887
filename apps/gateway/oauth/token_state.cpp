#include "gateway/oauth/token_state.hpp"

#include <tongs/json.hpp>

#include "gateway/oauth/token_endpoint.hpp"

namespace tongs::gateway::oauth {

namespace {

Refusal missing() { return {.reason = Reason::malformed, .description = "token is missing"}; }

std::string describe(const IssuedToken& token, const InstallationId& installation, std::string_view issuer) {
  std::string text = R"({"active":true,"token_type":"Bearer","iss":)" + json_quote(issuer) + R"(,"exp":)" +
                     std::to_string(token.expires_at().time_since_epoch().count()) +
                     R"(,"installation_id":)" + json_quote(installation.bare());
  if (const AccountId* account = token.account())
    text.append(R"(,"sub":)").append(json_quote(account->str()));
  if (token.scope) text.append(R"(,"scope":)").append(json_quote(*token.scope));
  return text + "}\n";
}

/// The token of a user is of no use to anybody else here; the app's own may be all that the others have.
void give_back(const std::variant<Broker::SystemToken, AccessToken>& token,
               const InstallationId& installation, Broker& broker) {
  if (const auto* user = std::get_if<AccessToken>(&token)) {
    broker.reject(installation, *user);
  } else {
    broker.set_aside(installation, std::get<Broker::SystemToken>(token));
  }
}

}  // namespace

Outcome<net::Response> introspect(const Form& form, const vault::OAuthClient& client, const Broker& broker,
                                  IssuedTokens& issued, std::string_view issuer, WallTime now) {
  if (form["token"].empty()) return missing();
  const IssuedToken* token = issued.find(client.installation, form["token"], now);
  if (token == nullptr || token->is_revoked_for(client.id) || ended(broker, client, token->account())) {
    return net::Response::json(200, "{\"active\":false}\n");
  }
  return net::Response::json(200, describe(*token, client.installation, issuer));
}

Outcome<net::Response> revoke(const Form& form, const vault::OAuthClient& client, Broker& broker,
                              IssuedTokens& issued, WallTime now) {
  if (form["token"].empty()) return missing();
  IssuedToken* token = issued.find(client.installation, form["token"], now);
  if (token != nullptr && !token->is_revoked_for(client.id)) {
    token->revoked_for.push_back(client.id);
    give_back(token->token, client.installation, broker);
  }
  return net::Response::json(200, "{}\n");
}

}  // namespace tongs::gateway::oauth
