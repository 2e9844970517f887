#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/fit.hpp>
#include <tongs/jwks.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "auth/fit_checker.hpp"
#include "support/replaced.hpp"
#include "unit/auth/issuer.hpp"

namespace tongs {

namespace {

using std::chrono::seconds;
using testing::TestFit;

static_assert(!std::is_default_constructible_v<VerifiedInvocation>, "only a verifier makes a proof");

AppId app() { return AppId::parse(TestFit().app_id).value(); }

/// A key source that answers as told and counts its questions.
class CountingKeys final : public KeySource {
 public:
  explicit CountingKeys(std::optional<Error> error = std::nullopt) : error_(std::move(error)) {}
  Result<std::shared_ptr<const jose::RsaPublicKey>> find(std::string_view kid,
                                                         const CallOptions& call) override {
    ++questions;
    if (error_) return *error_;
    return static_keys(issuer().jwks()).value()->find(kid, call);
  }
  int questions = 0;

 private:
  std::optional<Error> error_;
};

class FitVerifierTest : public ::testing::Test {
 protected:
  FitVerifier verifier(FitPolicy policy = {}) {
    return FitVerifier::create(app(), keys, policy, clock).value();
  }

  /// The code of the refusal of the documented FIT at `offset` from its `iat`; nothing if it is accepted.
  std::optional<Errc> at(seconds offset, FitPolicy policy) {
    clock->set_wall(TestFit().issued_at + offset);
    return code(verifier(policy).verify(token));
  }
  static std::optional<Errc> code(const Result<VerifiedInvocation>& verdict) {
    if (verdict) return std::nullopt;
    return verdict.error().code();
  }

  std::shared_ptr<testing::FakeClock> clock = std::make_shared<testing::FakeClock>();
  std::shared_ptr<CountingKeys> keys = std::make_shared<CountingKeys>();
  const std::string token = issuer().sign(TestFit());
};

TEST_F(FitVerifierTest, AcceptsAGenuineTokenAndShowsItsClaims) {
  const auto verdict = verifier().verify(token);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->installation().str(), TestFit().installation_id);
  EXPECT_EQ(verdict->account()->str(), TestFit().account_id);
  EXPECT_EQ(verdict->expires_at(), TestFit().issued_at + seconds(25));
  EXPECT_EQ(verdict->claims_json(), TestFit().json());
}

TEST_F(FitVerifierTest, MayServeSeveralApps) {
  const AppId other = AppId::parse("ari:cloud:ecosystem::app/00000000-0000-4000-8000-000000000001").value();
  const auto both = FitVerifier::create(std::vector{other, app()}, keys, {}, clock).value();
  EXPECT_EQ(both.verify(token)->claims().app_id, app());
  EXPECT_EQ(code(FitVerifier::create(std::vector{other}, keys, {}, clock)->verify(token)),
            Errc::audience_mismatch);
  EXPECT_EQ(FitVerifier::create(std::vector<AppId>(), keys, {}, clock).error().code(),
            Errc::invalid_argument);
}

TEST_F(FitVerifierTest, ANumberThatNobodyReadsMayBeOfAnySize) {
  const std::string claims = replaced(TestFit().json(), "{", R"({"n":[12345678901234567890123,1e400],)");
  const auto verdict = verifier().verify(issuer().sign(claims));
  ASSERT_TRUE(verdict) << verdict.error().describe();
  EXPECT_EQ(verdict->claims_json(), claims);
}

TEST_F(FitVerifierTest, ADateBeyondAllNumbersIsMalformed) {
  const std::string exp = std::to_string(TestFit().issued_at.time_since_epoch().count() + 25);
  const std::string claims = replaced(TestFit().json(), "\"exp\":" + exp, "\"exp\":1e400");
  EXPECT_EQ(code(verifier().verify(issuer().sign(claims))), Errc::token_malformed);
}

TEST_F(FitVerifierTest, AProofOutlivesItsVerifierAndItsToken) {
  std::optional<VerifiedInvocation> proof;
  {
    std::string copy = token;
    proof = verifier().verify(copy).value();
    copy.assign(copy.size(), 'x');
  }
  keys.reset();
  const VerifiedInvocation other = *proof;
  proof.reset();
  EXPECT_EQ(other.claims_json(), TestFit().json());
}

TEST_F(FitVerifierTest, WithoutLeewayLivesFromNbfToTheSecondBeforeExp) {
  const FitPolicy exact{.leeway = seconds(0)};
  EXPECT_EQ(at(seconds(-1), exact), Errc::token_not_yet_valid);
  EXPECT_EQ(at(seconds(0), exact), std::nullopt);
  EXPECT_EQ(at(seconds(24), exact), std::nullopt);
  EXPECT_EQ(at(seconds(25), exact), Errc::token_expired);
}

TEST_F(FitVerifierTest, LeewayWidensBothEnds) {
  const FitPolicy usual;
  EXPECT_EQ(at(seconds(-31), usual), Errc::token_not_yet_valid);
  EXPECT_EQ(at(seconds(-30), usual), std::nullopt);
  EXPECT_EQ(at(seconds(54), usual), std::nullopt);
  EXPECT_EQ(at(seconds(55), usual), Errc::token_expired);
}

TEST_F(FitVerifierTest, MaxAgeEndsATokenBeforeItsExp) {
  const FitPolicy young{.leeway = seconds(5), .max_age = seconds(10)};
  EXPECT_EQ(at(seconds(14), young), std::nullopt);
  EXPECT_EQ(at(seconds(15), young), Errc::token_expired);
}

TEST_F(FitVerifierTest, IatInTheFutureIsNotYetValidEvenIfNbfIsPast) {
  const std::string claims = replaced(TestFit().json(), R"("nbf":1700175149)", R"("nbf":1)");
  const auto verdict =
      verifier({.leeway = seconds(0)})
          .verify(issuer().sign(replaced(claims, R"("iat":1700175149)", R"("iat":1700175150)")));
  EXPECT_EQ(code(verdict), Errc::token_not_yet_valid);
}

TEST_F(FitVerifierTest, ExtremeDatesAndClocksDoNotOverflow) {
  const FitPolicy widest{.leeway = seconds(600), .max_age = std::chrono::hours(24)};
  TestFit last;
  last.issued_at = WallTime(seconds(253402300799)) - last.life;
  const std::string latest = issuer().sign(last);
  const auto at_moment = [&](WallTime now) {
    return detail::FitChecker::check(latest, widest, std::array{app()}, now).error().code();
  };
  EXPECT_EQ(at_moment(WallTime::min()), Errc::token_not_yet_valid);
  EXPECT_EQ(at_moment(WallTime()), Errc::token_not_yet_valid);
  EXPECT_EQ(at_moment(WallTime::max()), Errc::token_expired);
}

TEST_F(FitVerifierTest, IsForOneApp) {
  const auto with_audience = [&](std::string_view audience) {
    const std::string documented = "\"aud\":\"" + TestFit().app_id + "\"";
    return code(verifier().verify(
        issuer().sign(replaced(TestFit().json(), documented, "\"aud\":" + std::string(audience)))));
  };
  const std::string ours = "\"" + TestFit().app_id + "\"";
  EXPECT_EQ(with_audience(ours), std::nullopt);
  EXPECT_EQ(with_audience("[" + ours + "]"), std::nullopt);
  for (const std::string& other : std::vector<std::string>{
           std::string("\"\""), std::string("[]"), "[" + ours + "," + ours + "]", "[" + ours + ",\"other\"]",
           "[[" + ours + "]]", "\"" + std::string(app().bare()) + "\"", replaced(ours, "app/8d", "app/8D"),
           replaced(ours, "7\"", "7/\""), replaced(ours, "7\"", "\""), replaced(ours, "7\"", "77\""),
           replaced(ours, "7\"", "7 \""), replaced(ours, "\"ari", "\" ari"),
           replaced(ours, "7\"", "7\\u0000\"")}) {
    EXPECT_EQ(with_audience(other), Errc::audience_mismatch) << other;
  }
  for (const std::string_view none : {"null", "7", "true", "{}"})
    EXPECT_EQ(with_audience(none), Errc::token_malformed) << none;
}

TEST_F(FitVerifierTest, TheAppClaimAgreesWithTheAudience) {
  const std::string claims = replaced(TestFit().json(), R"("id":"ari:cloud:ecosystem::app/8db33809)",
                                      R"("id":"ari:cloud:ecosystem::app/0db33809)");
  EXPECT_EQ(code(verifier().verify(issuer().sign(claims))), Errc::audience_mismatch);
}

TEST_F(FitVerifierTest, IsFromForge) {
  for (const std::string_view other : {"forge/invocation-token/", "Forge/invocation-token", "forge",
                                       "https://forge/invocation-token", "forge/invocation-token "}) {
    TestFit fit;
    fit.issuer = other;
    EXPECT_EQ(code(verifier().verify(issuer().sign(fit))), Errc::issuer_mismatch) << other;
  }
  EXPECT_EQ(code(verifier().verify(
                issuer().sign(replaced(TestFit().json(), R"("iss":"forge/invocation-token",)", "")))),
            Errc::token_malformed);
}

TEST_F(FitVerifierTest, IsSignedByTheKeyThatItNames) {
  const testing::TestIssuer forger;
  const std::string forged = forger.sign(issuer().header(), TestFit().json());  // our kid, the forger's key
  EXPECT_EQ(code(verifier().verify(forged)), Errc::signature_invalid);
  EXPECT_EQ(code(verifier().verify(forger.sign(TestFit()))), Errc::key_unknown);
}

TEST_F(FitVerifierTest, ATokenThatIsWrongForFreeCostsNoKey) {
  TestFit elsewhere, foreign;
  elsewhere.app_id = "ari:cloud:ecosystem::app/other";
  foreign.issuer = "someone";
  clock->set_wall(TestFit().issued_at + seconds(100));
  for (const std::string& bad : std::vector<std::string>{
           token, issuer().sign(elsewhere), issuer().sign(foreign), std::string("a.b.c"),
           issuer().sign(R"({"alg":"none","kid":"k"})", TestFit().json()), issuer().sign("{}")}) {
    EXPECT_FALSE(verifier().verify(bad));
  }
  EXPECT_EQ(keys->questions, 0);
}

TEST_F(FitVerifierTest, WhatIsWrongFirstIsSaidFirst) {
  TestFit all_wrong;
  all_wrong.issuer = "someone";
  all_wrong.app_id = "ari:cloud:ecosystem::app/other";
  all_wrong.life = seconds(-1000);
  const auto verdict = [&](const TestFit& fit) { return code(verifier().verify(issuer().sign(fit))); };
  EXPECT_EQ(verdict(all_wrong), Errc::issuer_mismatch);
  all_wrong.issuer = TestFit().issuer;
  EXPECT_EQ(verdict(all_wrong), Errc::audience_mismatch);
  all_wrong.app_id = TestFit().app_id;
  EXPECT_EQ(verdict(all_wrong), Errc::token_expired);
}

TEST_F(FitVerifierTest, AnOutageOfTheKeysIsNotARefusalOfTheToken) {
  for (const Errc undecided : {Errc::keys_unavailable, Errc::cancelled, Errc::deadline_exceeded}) {
    keys = std::make_shared<CountingKeys>(Error(undecided, "no key").with_retry_after(seconds(3)));
    const auto verdict = verifier().verify(token);
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().code(), undecided);
    EXPECT_EQ(verdict.error().retry_after(), seconds(3));
  }
}

TEST_F(FitVerifierTest, ErrorsDoNotRepeatTheToken) {
  TestFit fit;
  fit.issuer = "secret-issuer";
  const auto verdict = verifier().verify(issuer().sign(fit));
  EXPECT_EQ(verdict.error().describe().find("secret"), std::string::npos);
}

TEST_F(FitVerifierTest, IsMadeOnlyWithAPolicyInItsRange) {
  for (const FitPolicy& bad :
       {FitPolicy{.leeway = seconds(-1)}, FitPolicy{.leeway = seconds(601)},
        FitPolicy{.max_age = seconds(-1)}, FitPolicy{.max_age = seconds(86401)},
        FitPolicy{.max_token_bytes = 1023}, FitPolicy{.max_token_bytes = 1024 * 1024 + 1}}) {
    EXPECT_EQ(FitVerifier::create(app(), keys, bad, clock).error().code(), Errc::invalid_argument);
  }
  EXPECT_TRUE(FitVerifier::create(
      app(), keys, {.leeway = seconds(600), .max_age = seconds(86400), .max_token_bytes = 1024}, clock));
  EXPECT_EQ(FitVerifier::create(app(), nullptr).error().code(), Errc::invalid_argument);
  EXPECT_EQ(FitVerifier::create(app(), keys, {}, nullptr).error().code(), Errc::invalid_argument);
}

TEST_F(FitVerifierTest, TheLimitOfATokensLengthIsThePolicys) {
  TestFit fit;
  fit.module_key = std::string(2000, 'k');
  const std::string large = issuer().sign(fit);
  EXPECT_EQ(code(verifier({.max_token_bytes = large.size()}).verify(large)), std::nullopt);
  EXPECT_EQ(code(verifier({.max_token_bytes = large.size() - 1}).verify(large)), Errc::token_malformed);
}

}  // namespace

}  // namespace tongs
