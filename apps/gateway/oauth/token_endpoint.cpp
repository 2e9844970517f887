#include "gateway/oauth/token_endpoint.hpp"

#include <utility>

#include <tongs/json.hpp>

#include "gateway/oauth/grant.hpp"
#include "gateway/oauth/scope.hpp"

namespace tongs::gateway::oauth {

namespace {

constexpr std::chrono::seconds kTokenTime{10};
constexpr std::chrono::seconds kUntilAnother{60};
constexpr std::size_t kMostPosers = 10'000;

}  // namespace

/// A client that proved itself, and the user whose token it wants; none: the app's own.
struct TokenEndpoint::Asked {
  vault::OAuthClientPtr client;
  std::optional<AccountId> account = {};
};

std::optional<Refusal> ended(const Broker& broker, const vault::OAuthClient& client,
                             const AccountId* account) {
  if (!broker.serving(client.installation)) {
    return Refusal{Reason::installation_ended,
                   "the app was uninstalled there, or an admin revoked its offline access"};
  }
  if (account != nullptr && !broker.serving(client.installation, *account)) {
    return Refusal{Reason::bad_grant, "an admin revoked offline access for this user"};
  }
  return std::nullopt;
}

net::Task<Outcome<net::Response>> TokenEndpoint::answer(const net::RequestHead& request, const Form& form,
                                                        const net::Peer& peer) {
  auto asked = who_asks(request, form, peer);
  if (!asked) {
    const Refusal& refusal = asked.refusal();
    if (refusal.posed_as) note_poser(*refusal.posed_as, refusal);
    co_return std::move(asked.refusal());
  }
  auto given = co_await fetch(*asked, form);
  note(*asked->client, asked->account ? &*asked->account : nullptr, given ? nullptr : &given.refusal());
  co_return given;
}

net::Task<Outcome<net::Response>> TokenEndpoint::fetch(const Asked& asked, const Form& form) {
  const InstallationId& installation = asked.client->installation;
  const AccountId* account = asked.account ? &*asked.account : nullptr;
  if (auto refused = ended(broker_, *asked.client, account)) co_return *std::move(refused);
  const auto deadline = net::Steady::now() + kTokenTime;
  if (account == nullptr) {
    auto token = co_await system_token(*asked.client, deadline);
    if (!token) co_return refusal_of(token.error());
    co_return give(asked, issued_.note(installation, *std::move(token), clock_->wall_now()), form);
  }
  auto token = co_await broker_.user_token(installation, *account, deadline);
  if (!token) co_return refusal_of(token.error());
  co_return give(asked, issued_.note(installation, *std::move(token), clock_->wall_now()), form);
}

net::Task<Result<Broker::SystemToken>> TokenEndpoint::system_token(const vault::OAuthClient& client,
                                                                   net::Steady::time_point deadline) {
  auto token = co_await broker_.system_token(client.installation, deadline);
  if (!token) co_return token;
  const IssuedToken* known = issued_.find(client.installation, (*token)->secret.reveal(), clock_->wall_now());
  if (known == nullptr || !known->is_revoked_for(client.id)) co_return token;
  co_return co_await broker_.another_system_token(client.installation, deadline);
}

void TokenEndpoint::note(const vault::OAuthClient& client, const AccountId* account, const Refusal* refusal) {
  audit_.add({.kind = AuditKind::token_given,
              .outcome = refusal == nullptr ? AuditOutcome::done : AuditOutcome::refused,
              .installation = std::string(client.installation.bare()),
              .account = account != nullptr ? account->str() : std::string(),
              .client = client.id,
              .actor = "oauth",
              .reason = refusal == nullptr ? std::string() : std::string(to_string(refusal->reason))});
}

/// Whoever can connect can pose as somebody, as often as he likes: that must not fill the disk.
void TokenEndpoint::note_poser(const vault::OAuthClient& client, const Refusal& refusal) {
  if (posers_.size() >= kMostPosers && !posers_.contains(client.id)) posers_.clear();
  if (posers_[client.id].take(clock_->mono_now())) note(client, nullptr, &refusal);
}

Outcome<TokenEndpoint::Asked> TokenEndpoint::who_asks(const net::RequestHead& request, const Form& form,
                                                      const net::Peer& peer) {
  if (form["grant_type"].empty()) return Refusal{Reason::malformed, "grant_type is missing"};
  const Subject grant = subject_of_grant(form["grant_type"]);
  if (grant == Subject::other_grant) {
    return Refusal{Reason::unknown_grant,
                   "grant_type must be client_credentials, token-exchange or jwt-bearer"};
  }
  auto proof = proof_in(request, form);
  if (!proof) return std::move(proof.refusal());
  if (grant == Subject::jwt_bearer) return by_assertion(*proof, form, peer);
  auto client = authenticator_.authenticate(*proof, peer, clock_->wall_now());
  if (!client) return std::move(client.refusal());
  if (grant == Subject::client_credentials) return Asked{*std::move(client)};
  auto account = account_of_exchange(form);
  if (!account) return std::move(account.refusal());
  return Asked{*std::move(client), *std::move(account)};
}

/// The assertion is proof enough; a client that proves itself in another way too must be the one that signed
/// it.
Outcome<TokenEndpoint::Asked> TokenEndpoint::by_assertion(const ClientProof& proof, const Form& form,
                                                          const net::Peer& peer) {
  std::string expected = proof.client_id;
  if (proof.kind != ClientProof::Kind::none) {
    auto client = authenticator_.authenticate(proof, peer, clock_->wall_now());
    if (!client) return std::move(client.refusal());
    expected = (*client)->id;
  }
  if (form["assertion"].empty()) return Refusal{Reason::malformed, "assertion is missing"};
  auto signer = authenticator_.signer_of(form["assertion"], peer, clock_->wall_now());
  if (!signer) return std::move(signer.refusal());
  if (!expected.empty() && expected != signer->client->id) {
    return Refusal{Reason::bad_grant, "the assertion is not signed by the client that sends it"};
  }
  auto account = account_of_subject(signer->subject);
  if (!account) return std::move(account.refusal());
  return Asked{std::move(signer->client), *std::move(account)};
}

Outcome<net::Response> TokenEndpoint::give(const Asked& asked, IssuedToken& issued, const Form& form) {
  if (issued.is_revoked_for(asked.client->id)) {
    return Refusal{Reason::no_token, "this client revoked the only token that there is; wait for another one",
                   kUntilAnother};
  }
  if (!satisfies(issued.scope, form["scope"])) {
    return Refusal{
        Reason::scope,
        "the token does not have this scope, as far as is known: what an app may do is in its manifest"};
  }
  const auto left = issued.expires_at() - clock_->wall_now();
  std::string body = R"({"access_token":)" + json_quote(issued.reveal());
  if (form["grant_type"] == kTokenExchange)
    body.append(R"(,"issued_token_type":)").append(json_quote(kAccessToken));
  body.append(R"(,"token_type":"Bearer","expires_in":)").append(std::to_string(left.count()));
  if (issued.scope) body.append(R"(,"scope":)").append(json_quote(*issued.scope));
  return net::Response::json(200, std::move(body) + "}\n");
}

}  // namespace tongs::gateway::oauth
