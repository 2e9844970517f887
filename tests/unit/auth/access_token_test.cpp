#include <gtest/gtest.h>

#include <tongs/token.hpp>

#include "support/tokens.hpp"

namespace tongs {
namespace {

using testing::account_id;

AccessToken make() { return {account_id(), Secret("abc"), WallTime(std::chrono::seconds(1'700'000'000))}; }

TEST(AccessTokenTest, HoldsWhatItWasMadeOf) {
  const AccessToken token = make();
  EXPECT_EQ(token.account(), account_id());
  EXPECT_EQ(token.reveal(), "abc");
  EXPECT_EQ(token.expires_at(), WallTime(std::chrono::seconds(1'700'000'000)));
}

TEST(AccessTokenTest, CopiesAreTheSameTokenAndEqualBytesAreNot) {
  const AccessToken token = make();
  const AccessToken copy = token;
  EXPECT_TRUE(same_token(token, copy));
  EXPECT_FALSE(same_token(token, make()));
}

}  // namespace
}  // namespace tongs
