#include "public_pem.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#include <tongs/json.hpp>

#include "base/base64url.hpp"
#include "sockets.hpp"

namespace tongs::bench {

namespace {

/// A member of a JWK that is a number, lowest byte first, as OpenSSL's parameters are.
std::string number(const JsonView& jwk, std::string_view name) {
  auto bytes = base64url_decode(jwk[name].string_or("")).value_or("");
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

OSSL_PARAM parameter(const char* name, std::string& value) {
  return OSSL_PARAM_construct_BN(name, reinterpret_cast<unsigned char*>(value.data()), value.size());
}

}  // namespace

std::string public_pem(std::string_view jwks) {
  const auto keys = JsonDocument::parse(jwks).value();
  const JsonView jwk = *keys["keys"].begin();
  std::string modulus = number(jwk, "n"), exponent = number(jwk, "e");
  std::array<OSSL_PARAM, 3> parameters{parameter(OSSL_PKEY_PARAM_RSA_N, modulus),
                                       parameter(OSSL_PKEY_PARAM_RSA_E, exponent),
                                       OSSL_PARAM_construct_end()};
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* made = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.data()) != 1) {
    die("no RSA key in the JWKS");
  }
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(made, EVP_PKEY_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PUBKEY(memory.get(), key.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace tongs::bench
