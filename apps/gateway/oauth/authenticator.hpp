#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tongs/clock.hpp>

#include "common/net/server.hpp"
#include "gateway/ingress/replay_guard.hpp"
#include "gateway/oauth/assertion.hpp"
#include "gateway/oauth/client_proof.hpp"
#include "gateway/oauth/refusal.hpp"
#include "jose/jwks.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway::oauth {

/// Decides which client a request comes from. A client that is not known costs as much time as a wrong
/// secret, and gets the same answer. Thread safety: none.
class Authenticator {
 public:
  /// `audiences`: as whom an assertion may address us. Precondition: `vault` outlives it.
  Authenticator(const vault::Vault& vault, std::vector<std::string> audiences);

  /// The client that proved itself.
  Outcome<vault::OAuthClientPtr> authenticate(const ClientProof& proof, const net::Peer& peer, WallTime now);

  /// The client that signed an assertion which asks for a user's token (RFC 7523 2.1): by its issuer,
  /// `urn:atlassian:connect:clientid:ID` or the bare id.
  struct Signed {
    vault::OAuthClientPtr client;
    std::string subject;
  };
  Outcome<Signed> signer_of(std::string_view assertion, const net::Peer& peer, WallTime now);

 private:
  /// Why this assertion does not prove to be the client's (null: nobody's), if it does not.
  Result<void> verify(const Assertion& assertion, const vault::OAuthClientPtr& client, WallTime now);
  Result<void> verify_by_key(const Assertion& assertion, const vault::OAuthClientPtr& client);
  const jose::KeySet& keys_of(const vault::OAuthClientPtr& client);
  Outcome<vault::OAuthClientPtr> prove(const ClientProof& proof, const net::Peer& peer, WallTime now);
  Outcome<vault::OAuthClientPtr> by_secret(const ClientProof& proof, WallTime now) const;
  Outcome<vault::OAuthClientPtr> by_assertion(const ClientProof& proof, WallTime now);
  Outcome<vault::OAuthClientPtr> by_certificate(const ClientProof& proof,
                                                const net::PeerCertificate* certificate, WallTime now) const;

  const vault::Vault& vault_;
  const std::vector<std::string> audiences_;
  ReplayGuard replays_;
  struct Keys {
    vault::OAuthClientPtr of;
    jose::KeySet set;
  };
  std::unordered_map<std::string, Keys> keys_;  ///< parsed, by client
};

}  // namespace tongs::gateway::oauth
