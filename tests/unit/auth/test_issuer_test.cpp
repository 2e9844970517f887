#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <tongs/fit.hpp>
#include <tongs/json.hpp>
#include <tongs/jwks.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

namespace tongs::testing {

namespace {

/// Does a verifier with the keys of `jwks` accept `token`?
bool accepts(const std::string& jwks, const std::string& token) {
  const auto verifier = FitVerifier::create(AppId::parse(TestFit().app_id).value(), static_keys(jwks).value(),
                                            {}, std::make_shared<FakeClock>());
  return verifier->verify(token).has_value();
}

TEST(TestIssuer, SignsWhatAVerifierAccepts) {
  const TestIssuer issuer;
  EXPECT_TRUE(accepts(issuer.jwks(), issuer.sign(TestFit())));
  EXPECT_TRUE(issuer.kid().starts_with("forge/invocation-token/wf-"));
  EXPECT_FALSE(accepts(TestIssuer().jwks(), issuer.sign(TestFit())));
}

TEST(TestIssuer, RotatesWithOverlap) {
  TestIssuer issuer;
  const std::string first_kid = issuer.kid();
  const std::string before = issuer.jwks(), old_token = issuer.sign(TestFit());
  issuer.rotate();
  EXPECT_NE(issuer.kid(), first_kid);
  EXPECT_TRUE(accepts(issuer.jwks(), old_token));
  EXPECT_TRUE(accepts(issuer.jwks(), issuer.sign(TestFit())));
  EXPECT_FALSE(accepts(before, issuer.sign(TestFit())));
  issuer.withdraw_old_keys();
  EXPECT_FALSE(accepts(issuer.jwks(), old_token));
  EXPECT_TRUE(accepts(issuer.jwks(), issuer.sign(TestFit())));
}

TEST(TestIssuer, MovesWithItsKeys) {
  TestIssuer first;
  const std::string token = first.sign(TestFit());
  const TestIssuer second = std::move(first);
  EXPECT_TRUE(accepts(second.jwks(), token));
}

TEST(TestFit, LeavesOutWhatIsEmpty) {
  TestFit fit;
  fit.account_id.clear();
  fit.cloud_id.clear();
  const auto claims = JsonDocument::parse(fit.json()).value();
  EXPECT_FALSE(claims["principal"]);
  EXPECT_FALSE(claims["icLabel"]);
  EXPECT_FALSE(claims["app"]["license"]);
  EXPECT_FALSE(claims["context"]["cloudId"]);
  EXPECT_TRUE(claims["context"]["moduleKey"]);
}

TEST(TestFit, HasTheDocumentedDates) {
  const auto claims = JsonDocument::parse(TestFit().json()).value();
  EXPECT_EQ(claims["iat"].integer(), 1700175149);
  EXPECT_EQ(claims["nbf"].integer(), 1700175149);
  EXPECT_EQ(claims["exp"].integer(), 1700175174);
}

TEST(TestFit, QuotesWhatItIsGiven) {
  TestFit fit;
  fit.module_key = "a\"b\\c\n";
  EXPECT_EQ(JsonDocument::parse(fit.json()).value()["app"]["module"]["key"].string(), fit.module_key);
}

}  // namespace

}  // namespace tongs::testing
