#pragma once
#include <memory>
#include <string_view>

#include <tongs/result.hpp>

#include "jose/evp_pkey.hpp"

namespace tongs::jose {

/// An RSA key that verifies RS256 (RFC 7518 3.3) and nothing else. Thread safety: const.
///
/// Each thread keeps a prepared OpenSSL context for the few keys it used last, because preparing one costs a
/// third of a verification. Such a context holds the key's memory, so a key that ends while a thread still
/// has a context is neither freed too early nor mistaken for a later one at the same address.
class RsaPublicKey {
 public:
  static constexpr unsigned kMinBits = 2048;
  static constexpr unsigned kMaxBits = 8192;

  /// `modulus` and `exponent` are unsigned, the highest byte first, as in a JWK (RFC 7518 6.3.1).
  /// Errors: invalid_argument (not an odd modulus of 2048 to 8192 bits with an odd exponent of 3 to 2^32-1),
  /// internal (OpenSSL ran out of memory).
  static Result<std::shared_ptr<const RsaPublicKey>> create(std::string_view modulus,
                                                            std::string_view exponent);

  /// Is `signature` the signature of `input` by this key's owner? Errors: signature_invalid, internal.
  Result<void> verify_rs256(std::string_view input, std::string_view signature) const;

  /// Same modulus and exponent?
  friend bool operator==(const RsaPublicKey& a, const RsaPublicKey& b) noexcept;

 private:
  explicit RsaPublicKey(EvpPkeyPtr key) noexcept : key_(std::move(key)) {}
  EvpPkeyPtr key_;
};

}  // namespace tongs::jose
