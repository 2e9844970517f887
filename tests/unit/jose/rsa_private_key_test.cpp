#include "jose/rsa_private_key.hpp"

#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <tongs/json.hpp>

#include "jose/jwks.hpp"
#include "unit/jose/keys.hpp"

namespace tongs::jose {

namespace {

/// `key` in PEM, under `passphrase` if there is one. Takes the key.
std::string pem_of(EVP_PKEY* key, std::string_view passphrase = {}) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PKCS8PrivateKey(out.get(), key, passphrase.empty() ? nullptr : EVP_aes_256_cbc(),
                                passphrase.data(), static_cast<int>(passphrase.size()), nullptr, nullptr);
  EVP_PKEY_free(key);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

TEST(RsaPrivateKey, SignsWhatItsPublicHalfVerifies) {
  const std::string signature = some_key().sign_rs256("input").value();
  EXPECT_EQ(signature.size(), 256u);
  EXPECT_TRUE(some_key().public_key()->verify_rs256("input", signature));
  EXPECT_TRUE(some_key().public_key()->verify_rs256("", some_key().sign_rs256("").value()));
}

TEST(RsaPrivateKey, IsAnotherOneEachTime) {
  EXPECT_FALSE(*some_key().public_key() == *other_key().public_key());
}

TEST(RsaPrivateKey, IsTheSameAfterGoingThroughPem) {
  const Secret pem = some_key().to_pem().value();
  EXPECT_TRUE(pem.reveal().starts_with("-----BEGIN PRIVATE KEY-----\n"));
  const auto again = RsaPrivateKey::from_pem(pem.reveal());
  ASSERT_TRUE(again);
  EXPECT_TRUE(*again->public_key() == *some_key().public_key());
  EXPECT_EQ(again->sign_rs256("input").value(), some_key().sign_rs256("input").value());
}

TEST(RsaPrivateKey, PublishesItsPublicHalfAsAJwk) {
  const std::string jwk = some_key().public_jwk("forge/a \"quoted\" kid");
  const auto document = JsonDocument::parse(jwk).value();
  EXPECT_EQ(document["kty"].string(), "RSA");
  EXPECT_EQ(document["use"].string(), "sig");
  EXPECT_EQ(document["alg"].string(), "RS256");
  EXPECT_EQ(document["e"].string(), "AQAB");
  EXPECT_EQ(document.root().size(), 6u) << "nothing of the private half";
  const auto keys = parse_jwks("{\"keys\":[" + jwk + "]}", {}).value();
  EXPECT_TRUE(*find_key(keys, "forge/a \"quoted\" kid") == *some_key().public_key());
}

TEST(RsaPrivateKey, RefusesPemOfAnythingElse) {
  const Secret pem = some_key().to_pem().value();
  const std::string truncated(pem.reveal().substr(0, pem.size() / 2));
  const std::string short_key = pem_of(EVP_RSA_gen(1024));
  const std::string elliptic = pem_of(EVP_EC_gen("P-256"));
  const std::string_view public_key = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
  for (const std::string_view text :
       {std::string_view(), std::string_view("text"), std::string_view(truncated),
        std::string_view(short_key), std::string_view(elliptic), public_key}) {
    const auto key = RsaPrivateKey::from_pem(text);
    ASSERT_FALSE(key) << text.substr(0, 30);
    EXPECT_EQ(key.error().code(), Errc::invalid_argument);
  }
}

TEST(RsaPrivateKey, NeverAsksForAPassphrase) {
  EXPECT_FALSE(RsaPrivateKey::from_pem(pem_of(EVP_RSA_gen(2048), "passphrase")));
}

}  // namespace

}  // namespace tongs::jose
