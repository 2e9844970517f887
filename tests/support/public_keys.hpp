#pragma once
#include <memory>
#include <string>

#include "jose/rsa_public_key.hpp"

namespace tongs {

/// A public key made in no time, another one for each number. It verifies nothing: nobody has its private
/// half.
inline std::shared_ptr<const jose::RsaPublicKey> public_key(unsigned number) {
  std::string modulus(256, '\x5b');
  modulus.front() = static_cast<char>(0x80U | (number & 0x7fU));
  modulus[1] = static_cast<char>(number >> 7);
  return jose::RsaPublicKey::create(modulus, "\x03").value();
}

}  // namespace tongs
