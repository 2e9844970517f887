#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>
#include <tongs/secret.hpp>

namespace tongs::vault {

/// SHA-256 of a secret that has 256 random bits: nothing slower is needed, there is nothing to guess.
using SecretDigest = std::array<unsigned char, 32>;

/// One of the secrets by which a client proves who it is.
struct ClientSecret {
  SecretDigest digest{};
  WallTime created_at{};
  std::optional<WallTime> ends_at = {};
  /// The secret itself, where it is a key to verify signatures with (HS256) and a digest is not enough; else
  /// empty.
  Secret shared = {};

  bool lives(WallTime now) const noexcept { return !ends_at || now < *ends_at; }
};

/// Credentials by which a backend asks for the tokens of one installation and no other. Sealed at rest.
struct OAuthClient {
  std::string id;
  InstallationId installation;
  std::string name = {};                   ///< for administrators
  std::vector<ClientSecret> secrets = {};  ///< at most two, the newest first
  std::string jwks = {};                   ///< public keys in place of a secret (private_key_jwt); else empty
  /// The name of the certificate that proves it in place of a secret, such as `dns:backend.example.com`
  /// (tls_client_auth); else empty.
  std::string certificate = {};
  std::vector<std::string> allow_from = {};  ///< networks and users that it may call from; none: any
  WallTime created_at{};

  /// Does it sign with its secret, as Connect apps do?
  bool signs_with_secret() const noexcept { return !secrets.empty() && !secrets.front().shared.empty(); }
  /// A second, independent copy, secrets included, said aloud.
  OAuthClient duplicate() const;
};

using OAuthClientPtr = std::shared_ptr<const OAuthClient>;

}  // namespace tongs::vault
