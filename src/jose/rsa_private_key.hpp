#pragma once
#include <memory>
#include <string>
#include <string_view>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

#include "jose/evp_pkey.hpp"
#include "jose/rsa_public_key.hpp"

namespace tongs::jose {

/// A key that signs RS256: for whoever plays the platform, the emulator and the test issuer. Move-only.
/// Thread safety: const.
class RsaPrivateKey {
 public:
  /// A new key of 2048 bits. Takes about a tenth of a second. Errors: internal.
  static Result<RsaPrivateKey> generate();
  /// From PEM without a passphrase (PKCS #8 or PKCS #1).
  /// Errors: invalid_argument (no such PEM, not RSA, outside the sizes of RsaPublicKey).
  static Result<RsaPrivateKey> from_pem(std::string_view pem);
  /// PKCS #8. Errors: internal.
  Result<Secret> to_pem() const;

  /// The raw signature. Errors: internal.
  Result<std::string> sign_rs256(std::string_view input) const;

  const std::shared_ptr<const RsaPublicKey>& public_key() const noexcept { return public_key_; }
  /// The public half as a JWK (RFC 7517 4): one JSON object.
  std::string public_jwk(std::string_view kid) const;

 private:
  static Result<RsaPrivateKey> adopt(EvpPkeyPtr key);
  RsaPrivateKey(EvpPkeyPtr key, std::shared_ptr<const RsaPublicKey> public_key, std::string modulus,
                std::string exponent) noexcept;

  EvpPkeyPtr key_;
  std::shared_ptr<const RsaPublicKey> public_key_;
  std::string modulus_;
  std::string exponent_;
};

}  // namespace tongs::jose
