#include "common/net/peer_certificate.hpp"

#include <gtest/gtest.h>

#include "support/certificates.hpp"

namespace tongs::net {
namespace {

using test::Identity;
using Names = std::vector<std::string>;

TEST(PeerCertificate, says_whom_it_is_for_and_until_when) {
  const Identity identity(
      {.common_name = "billing, and more",
       .names = "DNS:Backend.Example.com,IP:127.0.0.1,URI:spiffe://example.com/Billing,DNS:b.example",
       .seconds = 100});
  const PeerCertificate read = read_certificate(*identity.certificate());
  EXPECT_EQ(read.subject, R"(CN=billing\, and more)");
  EXPECT_EQ(read.dns_names, (Names{"backend.example.com", "b.example"}));
  EXPECT_EQ(read.uris, Names{"spiffe://example.com/Billing"});
  const auto left = read.ends_at - std::chrono::system_clock::now();
  EXPECT_GT(left, std::chrono::seconds(0));
  EXPECT_LE(left, std::chrono::seconds(101));
}

TEST(PeerCertificate, has_no_name_that_looks_like_another_one) {
  const Identity identity({.common_name = "b\xE4r\n", .names = "IP:127.0.0.1"});
  X509* const x = identity.certificate();
  const std::unique_ptr<GENERAL_NAMES, test::With<GENERAL_NAMES_free>> names(GENERAL_NAMES_new());
  for (const std::string& text : {std::string("good.example\0.evil.example", 26), std::string("a b"),
                                  std::string("\xC3\xA4.example"), std::string()}) {
    GENERAL_NAME* const name = GENERAL_NAME_new();
    ASN1_IA5STRING* const value = ASN1_IA5STRING_new();
    ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
    GENERAL_NAME_set0_value(name, GEN_DNS, value);
    sk_GENERAL_NAME_push(names.get(), name);
  }
  X509_add1_ext_i2d(x, NID_subject_alt_name, names.get(), 0, X509V3_ADD_REPLACE);
  const PeerCertificate read = read_certificate(*x);
  EXPECT_EQ(read.dns_names, Names{});
  EXPECT_EQ(read.subject, R"(CN=b\C3\A4r\0A)");
}

TEST(PeerCertificate, may_have_no_other_name_than_its_subject) {
  const Identity identity;
  X509* const x = identity.certificate();
  const std::unique_ptr<X509_EXTENSION, test::With<X509_EXTENSION_free>> removed(
      X509_delete_ext(x, X509_get_ext_by_NID(x, NID_subject_alt_name, -1)));
  ASSERT_NE(removed, nullptr);
  const PeerCertificate read = read_certificate(*identity.certificate());
  EXPECT_EQ(read.subject, "CN=tongs test");
  EXPECT_TRUE(read.dns_names.empty());
  EXPECT_TRUE(read.uris.empty());
}

}  // namespace
}  // namespace tongs::net
