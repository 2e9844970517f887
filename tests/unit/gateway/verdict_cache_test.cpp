#include "gateway/ingress/verdict_cache.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include <tongs/jwks.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

namespace tongs::gateway {
namespace {

using std::chrono::seconds;
using tongs::testing::TestFit;
using tongs::testing::TestIssuer;

const TestIssuer& issuer() {
  static const TestIssuer one;
  return one;
}

std::shared_ptr<const Verdict> verdict(seconds issued_later = seconds(0)) {
  TestFit fit;
  fit.issued_at += issued_later;
  auto clock = std::make_shared<tongs::testing::FakeClock>();
  clock->advance(issued_later);
  const auto verifier =
      FitVerifier::create(AppId::parse(fit.app_id).value(), static_keys(issuer().jwks()).value(), {}, clock)
          .value();
  return std::make_shared<const Verdict>(Verdict{verifier.verify(issuer().sign(fit)).value(), "", {}});
}

TEST(VerdictCache, MeetsATokenAgainOnlyIfEveryByteIsTheSame) {
  VerdictCache cache(16);
  const auto found = verdict();
  const std::string token(1600, 'x');
  cache.remember(token, found);
  EXPECT_EQ(cache.find(token), found);
  for (const std::size_t place : {std::size_t{0}, std::size_t{800}, token.size() - 1}) {
    std::string other = token;
    other[place] = 'y';
    EXPECT_EQ(cache.find(other), nullptr) << place;
  }
  EXPECT_EQ(cache.find(token + "x"), nullptr);
  EXPECT_EQ(cache.find(token.substr(1)), nullptr);
  EXPECT_EQ(cache.find(""), nullptr);
}

TEST(VerdictCache, IsBoundedAndKeepsTheTokensThatComeAgain) {
  VerdictCache cache(4);
  const auto found = verdict();
  for (const char* token : {"often", "seldom", "once", "again"}) cache.remember(token, found);
  for (const char* token : {"seldom", "often", "again"}) EXPECT_EQ(cache.find(token), found);
  cache.remember("new", found);
  EXPECT_EQ(cache.find("once"), nullptr);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(cache.find("often"), found) << i;
    cache.remember("passing-" + std::to_string(i), found);
  }
  EXPECT_EQ(cache.find("seldom"), nullptr);
  EXPECT_EQ(cache.find("passing-96"), nullptr);
  EXPECT_EQ(cache.find("passing-99"), found);
}

TEST(VerdictCache, ReplacesWhatItKnewOfAToken) {
  VerdictCache cache(4);
  cache.remember("token", verdict());
  const auto later = verdict(seconds(1));
  cache.remember("token", later);
  EXPECT_EQ(cache.find("token"), later);
}

TEST(VerdictCache, KeepsNothingIfItMayNotOrTheTokenIsHuge) {
  VerdictCache none(0);
  none.remember("token", verdict());
  EXPECT_EQ(none.find("token"), nullptr);
  VerdictCache cache(4);
  cache.remember(std::string(9000, 'x'), verdict());
  EXPECT_EQ(cache.find(std::string(9000, 'x')), nullptr);
}

TEST(VerdictCache, ForgetsEverythingWhenTold) {
  VerdictCache cache(4);
  cache.remember("token", verdict());
  cache.clear();
  EXPECT_EQ(cache.find("token"), nullptr);
}

}  // namespace
}  // namespace tongs::gateway
