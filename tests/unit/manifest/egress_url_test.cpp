#include "manifest/egress_url.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tongs::manifest {
namespace {

// Verdicts of `@forge/manifest` 13.7.0, tried one by one.
TEST(EgressAddress, IsAHostOrAnHttpsUrl) {
  for (const std::string_view address :
       {"api.example.com", "https://api.example.com", "HTTPS://api.example.com",
        "wss://a.b",       "*.example.com",           "https://*.example.com",
        "https://u:p@a.b", "https://a.b:80",          "a.b:80",
        "a.b/c",           "https://1.2.3.4",         "https://a_b.c",
        "https://a%2Eb.c", "https://\xc3\xa9.com",    "https://a.b.",
        "//a.b",           "https://0x7f.1",          "https:/a.b",
        "https://-a.b",    "https://a~b.c",           "https://a&b.c"}) {
    EXPECT_TRUE(is_egress_address(address)) << address;
  }
}

TEST(EgressAddress, IsTextWithASchemeThatNobodyKnows) {
  for (const std::string_view address :
       {"JavaScript:alert(1)", "HTTP://x", "ftp://x", "ws://x", "localhost:3000", "mailto:a@b.c", "abc:"}) {
    EXPECT_TRUE(is_egress_address(address)) << address;
  }
}

TEST(EgressAddress, IsNothingElse) {
  for (const std::string_view address : {"",
                                         "not a url",
                                         "localhost",
                                         "backend",
                                         "http://api.example.com",
                                         "https://localhost",
                                         "https://[::1]",
                                         "https://*",
                                         "https://a.*.com",
                                         "https://a.b:99999",
                                         "https://a.b:x",
                                         "https://1.2.3.4.5",
                                         "https://256.1.1.1",
                                         "https://a.b c",
                                         "https://",
                                         "https://?a.b",
                                         "file:///x.y",
                                         "data:x.y",
                                         "javascript:a.b",
                                         "smb://a.b",
                                         "https://a!b.c",
                                         "https://a,b.c",
                                         "https://a|b.c",
                                         "https://a.b<",
                                         "http"}) {
    EXPECT_FALSE(is_egress_address(address)) << address;
  }
}

TEST(EgressAddress, HasAtMostAThousandBytes) {
  EXPECT_TRUE(is_egress_address(std::string(998, 'x') + ".y"));
  EXPECT_FALSE(is_egress_address(std::string(999, 'x') + ".y"));
}

TEST(EgressAddress, HasAPathIfThereIsMoreThanASlash) {
  for (const std::string_view address : {"https://a.b/c", "a.b/c/", "a.b\\c", "https://a.b//"}) {
    EXPECT_TRUE(has_path(address)) << address;
  }
  for (const std::string_view address :
       {"https://a.b", "https://a.b/", "a.b", "a.b/?c", "a.b?c/d", "a.b/#c"}) {
    EXPECT_FALSE(has_path(address)) << address;
  }
}

TEST(CanonicalAddress, IsOneForAllSpellingsOfAPlace) {
  for (const std::string_view address :
       {"https://api.example.com", "api.example.com", "HTTPS://API.example.com/",
        "https://api.example.com:443", "https://api.example.com///"}) {
    EXPECT_EQ(canonical_address(address), "https://api.example.com") << address;
  }
}

TEST(CanonicalAddress, KeepsWhatMakesADifference) {
  EXPECT_EQ(canonical_address("http://a.b"), "http://a.b");
  EXPECT_EQ(canonical_address("https://a.b:8443/Path"), "https://a.b:8443/Path");
  EXPECT_EQ(canonical_address("https://*.a.b"), "https://*.a.b");
}

TEST(HttpsUrl, IsToldByItsSchemeAlone) {
  EXPECT_TRUE(is_https("https://x"));
  EXPECT_TRUE(is_https("HttpS://x"));
  EXPECT_FALSE(is_https("http://x"));
  EXPECT_FALSE(is_https("https:x"));
  EXPECT_FALSE(is_https(""));
}

}  // namespace
}  // namespace tongs::manifest
