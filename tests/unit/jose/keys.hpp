#pragma once
#include "jose/rsa_private_key.hpp"

namespace tongs::jose {

/// A key made once for all tests of the process.
inline const RsaPrivateKey& some_key() {
  static const auto* const key = new RsaPrivateKey(RsaPrivateKey::generate().value());
  return *key;
}

/// Another one.
inline const RsaPrivateKey& other_key() {
  static const auto* const key = new RsaPrivateKey(RsaPrivateKey::generate().value());
  return *key;
}

}  // namespace tongs::jose
