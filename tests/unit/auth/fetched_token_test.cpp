#include "auth/fetched_token.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "support/tokens.hpp"

namespace tongs::detail {
namespace {

using namespace std::chrono_literals;
using testing::account_id;
using testing::with_end;
using testing::with_life;

constexpr Now kAsked{WallTime(1'700'000'000s), MonoTime(1000s)};

Result<AccessToken> check(FetchedToken answer) { return checked(std::move(answer), account_id(), kAsked); }

void expect_malformed(FetchedToken answer) {
  const auto token = check(std::move(answer));
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code(), Errc::malformed_response);
}

TEST(FetchedTokenTest, ALifeIsCountedFromBeforeTheQuestion) {
  const auto token = check(with_life("abc", 3600s));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->expires_at(), kAsked.wall + 3600s);
  EXPECT_EQ(token->reveal(), "abc");
  EXPECT_EQ(token->account(), account_id());
}

TEST(FetchedTokenTest, AnEndIsTakenAsItIs) {
  const auto token = check(with_end("abc", kAsked.wall + 60s));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->expires_at(), kAsked.wall + 60s);
}

TEST(FetchedTokenTest, AnAnswerWithoutAnEndIsMalformed) { expect_malformed({.token = Secret("abc")}); }

TEST(FetchedTokenTest, AnAnswerWithTwoEndsIsMalformed) {
  expect_malformed({.token = Secret("abc"), .life = 60s, .expires_at = kAsked.wall + 60s});
}

TEST(FetchedTokenTest, AnEndThatHasPassedIsMalformed) {
  expect_malformed(with_life("abc", 0s));
  expect_malformed(with_life("abc", -1s));
  expect_malformed(with_life("abc", std::chrono::seconds::min()));
  expect_malformed(with_end("abc", kAsked.wall));
  expect_malformed(with_end("abc", WallTime::min()));
}

TEST(FetchedTokenTest, ALifeOfADayIsBelievedAndASecondMoreIsNot) {
  EXPECT_TRUE(check(with_life("abc", 24h)));
  EXPECT_TRUE(check(with_end("abc", kAsked.wall + 24h)));
  expect_malformed(with_life("abc", 24h + 1s));
  expect_malformed(with_end("abc", kAsked.wall + 24h + 1s));
  expect_malformed(with_life("abc", std::chrono::seconds::max()));
  expect_malformed(with_end("abc", WallTime::max()));
}

TEST(FetchedTokenTest, AnEndInMillisecondsIsMalformed) {
  expect_malformed(with_end("abc", WallTime(std::chrono::seconds(1'700'003'600'000))));
}

TEST(FetchedTokenTest, ATokenThatCannotStandInAHeaderIsMalformed) {
  for (const std::string& token :
       {std::string(), std::string("a b"), std::string("a,b"), std::string("a\r\nb"), std::string("a\0b", 3),
        std::string("\xc3\xa4"), std::string("a\x7f"), std::string(16 * 1024 + 1, 'a')}) {
    expect_malformed(with_life(token, 60s));
  }
  EXPECT_TRUE(check(with_life(std::string(16 * 1024, 'a'), 60s)));
}

}  // namespace
}  // namespace tongs::detail
