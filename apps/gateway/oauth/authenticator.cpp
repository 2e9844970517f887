#include "gateway/oauth/authenticator.hpp"

#include <algorithm>
#include <utility>

#include "gateway/oauth/certificate_name.hpp"
#include "gateway/oauth/credentials.hpp"
#include "gateway/oauth/origins.hpp"
#include "jose/hs256.hpp"

namespace tongs::gateway::oauth {

namespace {

constexpr std::string_view kConnectIssuer = "urn:atlassian:connect:clientid:";
constexpr std::size_t kLiveAssertions = 100'000;
constexpr std::size_t kParsedKeySets = 1024;

/// Nobody's key: a signature is checked against it where there is no other, for the time that this takes.
const jose::RsaPublicKey& decoy() {
  static const auto* const key = new std::shared_ptr<const jose::RsaPublicKey>(
      jose::RsaPublicKey::create(std::string(jose::RsaPublicKey::kMinBits / 8, '\xc5'),
                                 std::string_view("\x01\x00\x01", 3))
          .value());
  return **key;
}

Refusal too_many_assertions() {
  return {.reason = Reason::no_token,
          .description = "too many assertions live at once to tell a replay: give them shorter lives"};
}

Error unverified() { return {Errc::signature_invalid, "the assertion is not signed by a key of the client"}; }

Result<void> verify_by_secret(const Assertion& assertion, const vault::OAuthClient* client, WallTime now) {
  Result<void> verified = unverified();
  if (client == nullptr) return verified;
  for (const vault::ClientSecret& secret : client->secrets) {
    if (secret.shared.empty() || !secret.lives(now)) continue;
    auto checked = jose::verify_hs256(assertion.jws.signing_input, assertion.jws.signature, secret.shared);
    if (checked) verified = std::move(checked);
  }
  return verified;
}

}  // namespace

Authenticator::Authenticator(const vault::Vault& vault, std::vector<std::string> audiences)
    : vault_(vault), audiences_(std::move(audiences)), replays_(kLiveAssertions) {}

Outcome<vault::OAuthClientPtr> Authenticator::authenticate(const ClientProof& proof, const net::Peer& peer,
                                                           WallTime now) {
  auto client = prove(proof, peer, now);
  if (client && !is_allowed((*client)->allow_from, origin_of(peer))) {
    return unproved(Reason::foreign_address).posing_as(*client);
  }
  return client;
}

Outcome<vault::OAuthClientPtr> Authenticator::prove(const ClientProof& proof, const net::Peer& peer,
                                                    WallTime now) {
  switch (proof.kind) {
    case ClientProof::Kind::secret:
      return by_secret(proof, now);
    case ClientProof::Kind::assertion:
      return by_assertion(proof, now);
    case ClientProof::Kind::none:
      break;
  }
  return by_certificate(proof, peer.certificate.get(), now);
}

Outcome<vault::OAuthClientPtr> Authenticator::by_secret(const ClientProof& proof, WallTime now) const {
  auto client = vault_.oauth_client(proof.client_id);
  const bool proved = is_secret_of(client.get(), proof.secret.reveal(), now);
  if (!client) return unproved(Reason::unknown_client);
  if (!proved) return unproved(Reason::wrong_secret).posing_as(client);
  return client;
}

/// RFC 8705 2.1. That somebody vouches for the certificate was seen when the connection began, or one before
/// it whose session it resumes.
Outcome<vault::OAuthClientPtr> Authenticator::by_certificate(const ClientProof& proof,
                                                             const net::PeerCertificate* certificate,
                                                             WallTime now) const {
  if (proof.client_id.empty() || certificate == nullptr) return unproved(Reason::no_credentials);
  auto client = vault_.oauth_client(proof.client_id);
  if (!client) return unproved(Reason::unknown_client);
  const bool proved = !client->certificate.empty() && certificate->ends_at > now &&
                      has_name(*certificate, client->certificate);
  if (!proved) return unproved(Reason::wrong_certificate).posing_as(client);
  return client;
}

Outcome<vault::OAuthClientPtr> Authenticator::by_assertion(const ClientProof& proof, WallTime now) {
  const auto assertion = read_assertion(proof.secret.reveal());
  // RFC 7523 3: the client is both; it cannot speak for another one.
  if (!assertion || assertion->issuer != assertion->subject ||
      (!proof.client_id.empty() && proof.client_id != assertion->subject) || assertion->id.empty()) {
    return unproved(Reason::bad_assertion);
  }
  auto client = vault_.oauth_client(assertion->subject);
  const auto verified = verify(*assertion, client, now);
  if (!client) return unproved(Reason::unknown_client);
  if (verified) return client;
  if (verified.error().code() == Errc::unavailable) return too_many_assertions();
  return unproved(verified.error().code() == Errc::token_replayed ? Reason::replayed_assertion
                                                                  : Reason::bad_assertion)
      .posing_as(client);
}

Outcome<Authenticator::Signed> Authenticator::signer_of(std::string_view text, const net::Peer& peer,
                                                        WallTime now) {
  auto assertion = read_assertion(text);
  if (!assertion) return Refusal{Reason::bad_grant, std::string(assertion.error().message())};
  std::string_view id = assertion->issuer;
  if (id.starts_with(kConnectIssuer)) id.remove_prefix(kConnectIssuer.size());
  auto client = vault_.oauth_client(id);
  const auto verified = verify(*assertion, client, now);
  if (client && verified && is_allowed(client->allow_from, origin_of(peer))) {
    return Signed{std::move(client), std::move(assertion->subject)};
  }
  // Dates and audience are looked at after the signature: what is wrong with them hears who holds the key.
  const bool holds_key = client && !verified && verified.error().code() != Errc::signature_invalid;
  if (holds_key && verified.error().code() == Errc::unavailable) return too_many_assertions();
  return Refusal{Reason::bad_grant, holds_key ? std::string(verified.error().message())
                                              : "the assertion is not signed by a client that is known here"};
}

Result<void> Authenticator::verify(const Assertion& assertion, const vault::OAuthClientPtr& client,
                                   WallTime now) {
  auto proved = assertion.algorithm == jose::Algorithm::hs256 ? verify_by_secret(assertion, client.get(), now)
                                                              : verify_by_key(assertion, client);
  if (!proved) return proved;
  if (auto fine = check_assertion(assertion, audiences_, now); !fine) return fine;
  if (assertion.id.empty()) {
    // Connect's own libraries send none: two calls within a second are the same bytes.
    if (assertion.algorithm == jose::Algorithm::hs256) return {};
    return Error(Errc::token_malformed, "the assertion has no jti, without which a replay cannot be told");
  }
  return replays_.use(client->id + ' ' + assertion.id, end_of_use(assertion), now);
}

Result<void> Authenticator::verify_by_key(const Assertion& assertion, const vault::OAuthClientPtr& client) {
  const auto key =
      client && !client->jwks.empty() ? jose::find_key(keys_of(client), assertion.jws.kid) : nullptr;
  const auto& against = key ? *key : decoy();
  const auto verified = against.verify_rs256(assertion.jws.signing_input, assertion.jws.signature);
  if (!key || !verified) return unverified();
  return {};
}

const jose::KeySet& Authenticator::keys_of(const vault::OAuthClientPtr& client) {
  if (keys_.size() > kParsedKeySets) keys_.clear();
  Keys& known = keys_[client->id];
  if (known.of != client) {
    auto parsed = jose::parse_jwks(client->jwks, {});
    known = {client, parsed ? *std::move(parsed) : jose::KeySet{}};
  }
  return known.set;
}

}  // namespace tongs::gateway::oauth
