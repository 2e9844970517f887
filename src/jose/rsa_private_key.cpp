#include "jose/rsa_private_key.hpp"

#include <utility>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <tongs/json.hpp>

#include "base/base64url.hpp"

namespace tongs::jose {

namespace {

struct BioFree {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioFree>;

/// Answers OpenSSL's question for a passphrase with "there is none", instead of asking a terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

/// A number of the key, the highest byte first.
std::string number(const EVP_PKEY* key, const char* name) {
  BIGNUM* value = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &value) != 1) return {};
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
  BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
  BN_free(value);
  return bytes;
}

}  // namespace

RsaPrivateKey::RsaPrivateKey(EvpPkeyPtr key, std::shared_ptr<const RsaPublicKey> public_key,
                             std::string modulus, std::string exponent) noexcept
    : key_(std::move(key)),
      public_key_(std::move(public_key)),
      modulus_(std::move(modulus)),
      exponent_(std::move(exponent)) {}

Result<RsaPrivateKey> RsaPrivateKey::adopt(EvpPkeyPtr key) {
  std::string modulus = number(key.get(), OSSL_PKEY_PARAM_RSA_N);
  std::string exponent = number(key.get(), OSSL_PKEY_PARAM_RSA_E);
  auto public_key = RsaPublicKey::create(modulus, exponent);
  if (!public_key) return std::move(public_key).error();
  return RsaPrivateKey(std::move(key), *std::move(public_key), std::move(modulus), std::move(exponent));
}

Result<RsaPrivateKey> RsaPrivateKey::generate() {
  EvpPkeyPtr key(EVP_RSA_gen(2048));
  if (!key) return Error(Errc::internal, "OpenSSL could not generate an RSA key");
  return adopt(std::move(key));
}

Result<RsaPrivateKey> RsaPrivateKey::from_pem(std::string_view pem) {
  ERR_set_mark();
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EvpPkeyPtr key(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr) : nullptr);
  ERR_pop_to_mark();
  if (!key || EVP_PKEY_is_a(key.get(), "RSA") != 1) {
    return Error(Errc::invalid_argument, "the text is not an RSA private key in PEM without a passphrase");
  }
  return adopt(std::move(key));
}

Result<Secret> RsaPrivateKey::to_pem() const {
  const BioPtr out(BIO_new(BIO_s_mem()));
  if (!out ||
      PEM_write_bio_PKCS8PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return Error(Errc::internal, "OpenSSL could not write a private key");
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return Secret(std::string_view(text, static_cast<std::size_t>(size)));  // OpenSSL wipes its own copy
}

Result<std::string> RsaPrivateKey::sign_rs256(std::string_view input) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = signature.size();
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_.get(), nullptr) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(input.data()), input.size()) != 1) {
    return Error(Errc::internal, "OpenSSL could not sign");
  }
  signature.resize(size);
  return signature;
}

std::string RsaPrivateKey::public_jwk(std::string_view kid) const {
  return R"({"kty":"RSA","use":"sig","alg":"RS256","kid":)" + json_quote(kid) + R"(,"n":")" +
         base64url_encode(modulus_) + R"(","e":")" + base64url_encode(exponent_) + R"("})";
}

}  // namespace tongs::jose
