#include <string>

#include <gtest/gtest.h>

#include <tongs/jwks.hpp>

#include "jose/rsa_public_key.hpp"
#include "unit/auth/issuer.hpp"

namespace tongs {

namespace {

TEST(StaticKeys, GiveTheKeysOfTheText) {
  const auto keys = static_keys(issuer().jwks());
  ASSERT_TRUE(keys);
  EXPECT_TRUE((*keys)->find(issuer().kid(), {}));
}

TEST(StaticKeys, DecideThatAnyOtherKidIsUnknown) {
  EXPECT_EQ(static_keys(issuer().jwks()).value()->find("other", {}).error().code(), Errc::key_unknown);
}

TEST(StaticKeys, RefuseATextThatIsNoKeySet) {
  EXPECT_EQ(static_keys("{}").error().code(), Errc::malformed_response);
  EXPECT_EQ(static_keys(issuer().jwks() + std::string(65536, ' ')).error().code(), Errc::malformed_response);
}

}  // namespace

}  // namespace tongs
