#include <gtest/gtest.h>

#include "gateway/oauth/origins.hpp"

namespace tongs::gateway::oauth {
namespace {

TEST(OAuthOrigins, name_a_user_of_this_machine_or_an_address) {
  EXPECT_EQ(origin_of({.address = "192.0.2.7"}), "192.0.2.7");
  EXPECT_EQ(origin_of({.address = "unix", .is_unix = true, .user = 1000}), "user:1000");
}

TEST(OAuthOrigins, are_let_in_by_their_own_entry_alone) {
  const std::vector<std::string> both{"192.0.2.0/24", "user:1000"};
  ASSERT_TRUE(check_origins(both));
  EXPECT_TRUE(is_allowed(both, "192.0.2.7"));
  EXPECT_TRUE(is_allowed(both, "user:1000"));
  for (const char* other : {"192.0.3.7", "user:100", "user:10000", "user:0", "unix", "unknown", ""}) {
    EXPECT_FALSE(is_allowed(both, other)) << other;
  }
  EXPECT_FALSE(is_allowed({"0.0.0.0/0", "::/0"}, "user:1000")) << "a network has no users";
  EXPECT_TRUE(is_allowed({}, "user:1000"));
}

TEST(OAuthOrigins, that_are_no_such_thing_are_refused_and_let_nobody_in) {
  for (const char* entry : {"user:", "user:bob", "user:-1", "user:01", "user:1000 ", "user:99999999999",
                            "1000", "unix", "10.0.0.1/8"}) {
    EXPECT_FALSE(check_origins({entry})) << entry;
    EXPECT_FALSE(is_allowed({entry, "192.0.2.1"}, "192.0.2.1")) << entry;
  }
}

}  // namespace
}  // namespace tongs::gateway::oauth
