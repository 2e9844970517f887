#include <chrono>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <tongs/installation.hpp>
#include <tongs/testing/fake_clock.hpp>

#include "base/base64url.hpp"
#include "support/tokens.hpp"

namespace tongs {
namespace {

using namespace std::chrono_literals;
using testing::FakeClock;
using testing::installation_id;

constexpr WallTime kStart{1'700'000'000s};

class InstallationCredentialsTest : public ::testing::Test {
 protected:
  bool offer(std::string_view token, std::chrono::seconds life) {
    return credentials_.offer(Secret(token), clock_->wall_now() + life);
  }
  /// The bytes of the current token, or nothing.
  std::string current() const {
    const auto token = credentials_.current();
    return token ? std::string(token->reveal()) : std::string();
  }

  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>(kStart);
  InstallationCredentials credentials_{installation_id(), clock_};
};

TEST_F(InstallationCredentialsTest, HasNoTokenAtFirst) {
  EXPECT_FALSE(credentials_.current());
  EXPECT_EQ(credentials_.installation(), installation_id());
}

TEST_F(InstallationCredentialsTest, GivesOutWhatWasOffered) {
  EXPECT_TRUE(offer("a", 3600s));
  ASSERT_TRUE(credentials_.current());
  EXPECT_EQ(credentials_.current()->expires_at(), kStart + 3600s);
  EXPECT_EQ(current(), "a");
}

TEST_F(InstallationCredentialsTest, TheLongestLivedTokenWins) {
  EXPECT_TRUE(offer("a", 3600s));
  EXPECT_FALSE(offer("older", 3599s));
  EXPECT_FALSE(offer("as old", 3600s));
  EXPECT_FALSE(offer("same", 3600s));
  EXPECT_EQ(current(), "a");
  EXPECT_TRUE(offer("newer", 3601s));
  EXPECT_EQ(current(), "newer");
}

TEST_F(InstallationCredentialsTest, AnExpiredTokenIsNeitherTakenNorGivenOut) {
  EXPECT_FALSE(offer("a", 0s));
  EXPECT_FALSE(offer("a", -1s));
  EXPECT_TRUE(offer("a", 60s));
  clock_->advance(59s);
  EXPECT_EQ(current(), "a");
  clock_->advance(1s);
  EXPECT_EQ(current(), "");
}

TEST_F(InstallationCredentialsTest, AnEndedTokenGivesWayToAShorterOne) {
  EXPECT_TRUE(offer("a", 3600s));
  clock_->advance(3600s);
  EXPECT_TRUE(offer("b", 60s));
  EXPECT_EQ(current(), "b");
}

TEST_F(InstallationCredentialsTest, ATokenThatCannotStandInAHeaderIsDropped) {
  EXPECT_FALSE(offer("", 60s));
  EXPECT_FALSE(offer("a b", 60s));
  EXPECT_FALSE(offer("a,installationId=other", 60s));
  EXPECT_FALSE(offer("a\r\nx-forge-oauth-user: b", 60s));
  EXPECT_FALSE(offer(std::string(16 * 1024 + 1, 'a'), 60s));
  EXPECT_FALSE(credentials_.current());
}

TEST_F(InstallationCredentialsTest, ReadsTheEndOutOfAToken) {
  const std::string jwt = "h." + base64url_encode(R"({"exp":1700007200})") + ".s";
  EXPECT_TRUE(credentials_.offer(Secret(jwt)));
  EXPECT_EQ(credentials_.current()->expires_at(), kStart + 7200s);
}

TEST_F(InstallationCredentialsTest, BelievesAnOpaqueTokenForAShortTime) {
  EXPECT_TRUE(credentials_.offer(Secret("opaque")));
  EXPECT_EQ(credentials_.current()->expires_at(), kStart + InstallationCredentials::kOpaqueLife);
}

TEST_F(InstallationCredentialsTest, AnOpaqueTokenThatIsDeliveredAgainIsBelievedAgain) {
  EXPECT_TRUE(credentials_.offer(Secret("opaque")));
  clock_->advance(200s);
  EXPECT_TRUE(credentials_.offer(Secret("opaque")));
  clock_->advance(200s);
  EXPECT_EQ(current(), "opaque");
}

TEST_F(InstallationCredentialsTest, ARejectedTokenIsNotGivenOutAgain) {
  offer("a", 3600s);
  EXPECT_TRUE(credentials_.reject(*credentials_.current()));
  EXPECT_FALSE(credentials_.current());
}

TEST_F(InstallationCredentialsTest, ARejectedTokenDoesNotComeBackByBeingOfferedAgain) {
  offer("a", 3600s);
  credentials_.reject(*credentials_.current());
  EXPECT_FALSE(offer("a", 3600s));
  EXPECT_FALSE(offer("a", 7200s));
  EXPECT_TRUE(offer("b", 60s)) << "another one may come, although it ends sooner";
  EXPECT_FALSE(offer("a", 7200s));
  EXPECT_EQ(current(), "b");
}

TEST_F(InstallationCredentialsTest, ARejectionIsForgottenInTime) {
  offer("a", 3600s);
  credentials_.reject(*credentials_.current());
  clock_->advance(InstallationCredentials::kRejectedFor);
  EXPECT_TRUE(offer("a", 3000s)) << "Forge delivers one token for hours; its installation may be ready now";
}

TEST_F(InstallationCredentialsTest, ALateRejectionDoesNoHarmToTheSuccessor) {
  offer("a", 3600s);
  const auto old = credentials_.current();
  offer("b", 7200s);
  EXPECT_FALSE(credentials_.reject(*old));
  EXPECT_EQ(current(), "b");
}

TEST_F(InstallationCredentialsTest, ARejectionMeansTheBytesAndNotTheDelivery) {
  credentials_.offer(Secret("opaque"));
  const auto token = credentials_.current();
  clock_->advance(10s);
  credentials_.offer(Secret("opaque"));
  EXPECT_TRUE(credentials_.reject(*token));
  EXPECT_FALSE(credentials_.current());
}

TEST_F(InstallationCredentialsTest, ManyRejectionsAreRememberedUpToABound) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(offer("token-" + std::to_string(i), 3600s));
    credentials_.reject(*credentials_.current());
  }
  EXPECT_FALSE(offer("token-19", 3600s));
  EXPECT_FALSE(offer("token-4", 3600s));
  EXPECT_TRUE(offer("token-3", 3600s)) << "the bound is sixteen";
}

TEST_F(InstallationCredentialsTest, ATokenOutlivesItsCredentials) {
  auto credentials = std::make_unique<InstallationCredentials>(installation_id(), clock_);
  credentials->offer(Secret("a"), kStart + 60s);
  const auto token = credentials->current();
  credentials.reset();
  EXPECT_EQ(token->reveal(), "a");
}

}  // namespace
}  // namespace tongs
