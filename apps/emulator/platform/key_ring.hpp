#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

#include "emulator/base/members.hpp"
#include "emulator/base/random.hpp"
#include "jose/rsa_private_key.hpp"

namespace tongs::emulator {

/// A signing key and its name.
class SigningKey {
 public:
  /// Errors: internal.
  static Result<SigningKey> generate(std::string kid);
  /// Errors: invalid_argument (no RSA key in PEM).
  static Result<SigningKey> from_pem(std::string kid, std::string_view pem);

  const std::string& kid() const noexcept { return kid_; }
  /// A compact JWS over `claims` with the header `{"alg":"RS256","kid":…}` (contract 2.1).
  /// Errors: internal.
  Result<std::string> sign(const json::object& claims) const;
  /// One JSON object.
  std::string public_jwk() const { return key_->public_jwk(kid_); }
  Result<Secret> to_pem() const { return key_->to_pem(); }

 private:
  SigningKey(std::string kid, jose::RsaPrivateKey key)
      : kid_(std::move(kid)), key_(std::make_shared<const jose::RsaPrivateKey>(std::move(key))) {}
  std::string kid_;
  std::shared_ptr<const jose::RsaPrivateKey> key_;
};

/// The keys that sign FITs: the newest signs, all are published. Thread safety: none.
class KeyRing {
 public:
  /// A ring with one new key. Errors: internal.
  static Result<KeyRing> create(Random& random);
  /// `keys`: the newest first, at least one.
  explicit KeyRing(std::vector<SigningKey> keys) : keys_(std::move(keys)) {}

  const SigningKey& current() const noexcept { return keys_.front(); }
  const std::vector<SigningKey>& published() const noexcept { return keys_; }
  /// A new key signs from now on. With overlap the old ones stay published, at most `kMostKeys` in all;
  /// without, they vanish at once. Gives the names that are no longer published. Errors: internal.
  Result<std::vector<std::string>> rotate(Random& random, bool overlap);
  /// The public keys (RFC 7517 5; contract 13.3).
  std::string jwks() const;

  /// As many as were observed in production (contract 2.1.3).
  static constexpr std::size_t kMostKeys = 6;

 private:
  std::vector<SigningKey> keys_;
};

/// A name in the form of FIT keys (contract 2.1.1).
std::string fit_kid(Random& random);

}  // namespace tongs::emulator
