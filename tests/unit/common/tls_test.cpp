#include "common/net/tls.hpp"

#include <boost/asio/ssl/context.hpp>
#include <gtest/gtest.h>

#include "support/certificates.hpp"
#include "support/scratch_folder.hpp"

namespace tongs::net {
namespace {

using test::Identity;

class ServingTls : public ::testing::Test {
 protected:
  Result<TlsContext> context_of(const std::string& pem) const {
    return serving_tls(folder_.write("certificate.pem", pem));
  }
  /// What is wrong with a key for the certificate of `identity`.
  std::string complaint(const Identity& identity, const std::string& key) const {
    const auto context = context_of(identity.certificate_pem()).value();
    const auto used = use_key(*context, Secret(key));
    return used ? "nothing" : std::string(used.error().message());
  }

  test::ScratchFolder folder_;
};

TEST_F(ServingTls, takes_a_certificate_and_its_key) {
  const Identity identity;
  EXPECT_EQ(complaint(identity, identity.key_pem()), "nothing");
  EXPECT_EQ(complaint(identity, identity.certificate_pem() + identity.key_pem()), "nothing")
      << "both may be in one file";
}

TEST_F(ServingTls, refuses_what_is_no_certificate) {
  const Identity identity;
  EXPECT_FALSE(serving_tls(folder_.path() / "none.pem"));
  for (const std::string& text : {std::string(), std::string("nothing"), identity.key_pem(),
                                  identity.certificate_pem().substr(0, 200)}) {
    EXPECT_FALSE(context_of(text)) << text;
  }
  std::string damaged = Identity().certificate_pem();
  damaged[damaged.size() / 2] = '!';
  EXPECT_FALSE(context_of(identity.certificate_pem() + damaged)) << "the one that vouches for it is damaged";
}

TEST_F(ServingTls, refuses_what_is_not_the_key_and_says_why) {
  const Identity identity, other;
  EXPECT_EQ(complaint(identity, other.key_pem()), "the private key belongs to another certificate");
  const char* no_key = "the file holds no private key in PEM, or an encrypted one";
  EXPECT_EQ(complaint(identity, identity.key_pem("password")), no_key);
  EXPECT_EQ(complaint(identity, identity.certificate_pem()), no_key);
  EXPECT_EQ(complaint(identity, ""), no_key);
}

TEST_F(ServingTls, refuses_the_key_of_another_kind) {
  const std::unique_ptr<EVP_PKEY, test::With<EVP_PKEY_free>> rsa(EVP_RSA_gen(2048));
  const std::unique_ptr<BIO, test::With<BIO_free>> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), rsa.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  EXPECT_EQ(complaint(Identity(), {data, static_cast<std::size_t>(size)}),
            "the private key belongs to another certificate");
}

TEST_F(ServingTls, ends_with_the_first_of_its_certificates) {
  const Identity authority({.authority = true, .seconds = 100});
  const Identity identity({.issuer = &authority, .seconds = 5000});
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto alone = context_of(identity.certificate_pem()).value();
  const auto with_authority = context_of(identity.certificate_pem() + authority.certificate_pem()).value();
  EXPECT_GT(certificates_end(*alone), now + std::chrono::seconds(4000));
  EXPECT_LE(certificates_end(*alone), now + std::chrono::seconds(5000));
  EXPECT_LE(certificates_end(*with_authority), now + std::chrono::seconds(100));
}

}  // namespace
}  // namespace tongs::net
