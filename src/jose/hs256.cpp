#include "jose/hs256.hpp"

#include <array>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/wipe.hpp"

namespace tongs::jose {

Result<void> verify_hs256(std::string_view input, std::string_view signature, const Secret& key) {
  std::array<unsigned char, 32> expected{};
  unsigned size = 0;
  const std::string_view secret = key.reveal();
  const auto* made =
      HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(input.data()), input.size(), expected.data(), &size);
  if (made == nullptr || size != expected.size()) return Error(Errc::internal, "OpenSSL made no HMAC");
  const bool same = signature.size() == size && CRYPTO_memcmp(signature.data(), expected.data(), size) == 0;
  tongs::detail::wipe(expected.data(), expected.size());
  if (!same) return Error(Errc::signature_invalid, "the signature is not one of this secret");
  return {};
}

}  // namespace tongs::jose
