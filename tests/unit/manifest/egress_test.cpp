// The table of manifest-rules: what @forge/egress says, letter for letter. tests/peers asks the package
// itself.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/manifest/egress.hpp>

namespace tongs::manifest {
namespace {

struct Case {
  std::string entry;
  std::string url;
  bool backend;
  bool client;
};

class Egress : public ::testing::TestWithParam<Case> {};

TEST_P(Egress, IsDecidedAsForgeDoes) {
  const auto& [entry, url, backend, client] = GetParam();
  const auto rules = EgressRules::parse({entry});
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->allows_backend(url), backend) << entry << " " << url;
  EXPECT_EQ(rules->allows_client(url), client) << entry << " " << url;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Egress,
    ::testing::Values(Case{"api.example.com", "https://api.example.com/a?x#f", true, true},
                      Case{"api.example.com", "http://api.example.com", false, false},
                      Case{"api.example.com", "https://API.example.com", false, false},
                      Case{"api.example.com", "https://sub.api.example.com", false, false},
                      Case{"api.example.com/a:b", "https://api.example.com/a:b", false, false},
                      Case{"http://api.example.com", "https://api.example.com", false, true},
                      Case{"ws://api.example.com", "wss://api.example.com", false, true},
                      Case{"wss://api.example.com", "ws://api.example.com", false, false},
                      Case{"https://api.example.com", "https://api.example.com:443", false, false},
                      Case{"https://api.example.com:8443", "https://api.example.com:8443/x", true, true},
                      Case{"api.example.com:8443", "https://api.example.com:8443", false, false},
                      Case{"https://api.example.com", "https://u:p@api.example.com", false, false},
                      Case{"https://api.example.com/v1", "https://api.example.com/v1", true, true},
                      Case{"https://api.example.com/v1", "https://api.example.com/v1/x", true, false},
                      Case{"https://api.example.com/v1/", "https://api.example.com/v1", true, false},
                      Case{"https://api.example.com/v1/", "https://api.example.com/v1/../v2", true, true},
                      Case{"*.example.com", "https://a.b.example.com", true, true},
                      Case{"*.example.com", "https://example.com", false, false},
                      Case{"*.example.com", "https://.example.com", true, true},
                      Case{"*.example.com", "https://a.EXAMPLE.com", false, false},
                      Case{"*.example.com", "https://evil.com\\.example.com", true, true},
                      Case{"*.example.com", "https://a\n.example.com", false, false},
                      Case{"*example.com", "https://evilexample.com", true, true},
                      Case{"https://api.*.com", "https://api.x.com", false, false},
                      Case{"*.a*.com", "https://x.a.b.com", true, true},
                      Case{"https://%2A.example.com", "https://a.example.com", true, true},
                      Case{"https://*", "https://x:1", true, true},
                      Case{"https://*", "http://x", false, false},
                      Case{"https://api.example.com", "https:\\\\api.example.com", true, true},
                      Case{"https://api.example.com", "//api.example.com", true, true},
                      Case{"*", "", true, true}));

TEST(EgressRules, BreakDownWithForge) {
  EXPECT_FALSE(EgressRules::parse({"api.example.com", "https://%zz.example.com"}));
  EXPECT_FALSE(EgressRules::parse({"https://%E4%B8.example.com"}));
}

TEST(EgressRules, AllowNothingWithoutEntries) {
  const auto rules = EgressRules::parse({});
  ASSERT_TRUE(rules);
  EXPECT_FALSE(rules->allows_backend("https://api.example.com"));
  EXPECT_FALSE(rules->allows_client("https://api.example.com"));
}

}  // namespace
}  // namespace tongs::manifest
