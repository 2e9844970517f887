#include "gateway/egress/invocations.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/jwks.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "base/base64url.hpp"
#include "gateway/ingress/invocation_headers.hpp"

namespace tongs::gateway {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using tongs::testing::TestFit;
using tongs::testing::TestIssuer;

const TestIssuer& issuer() {
  static const TestIssuer one;
  return one;
}

VerifiedInvocation invocation(const std::string& id, const std::string& account = "557058:someone",
                              const std::string& installation = "0a3a7799-53ae-4a5b-9e7e-03338980abb5") {
  TestFit fit;
  fit.jti = id;
  fit.account_id = account;
  fit.installation_id = "ari:cloud:ecosystem::installation/" + installation;
  return FitVerifier::create(AppId::parse(fit.app_id).value(), static_keys(issuer().jwks()).value(), {},
                             std::make_shared<tongs::testing::FakeClock>())
      .value()
      .verify(issuer().sign(fit))
      .value();
}

WallTime start() { return tongs::testing::FakeClock().wall_now(); }

std::string token_of(const std::string& account, WallTime end) {
  return "e30." +
         base64url_encode(R"({"sub":")" + account + R"(","exp":)" +
                          std::to_string(end.time_since_epoch().count()) + "}") +
         ".x";
}

net::Fields with(const std::string& token, std::vector<net::Field> more = {}) {
  net::Fields fields;
  fields.list = std::move(more);
  fields.list.push_back({"X-Forge-OAuth-User", token});
  return fields;
}

TEST(EgressInvocations, are_known_until_nobody_waits_for_them) {
  Invocations known(100, UserTokens::proven);
  const auto one = invocation("id-1");
  known.note(one, start());
  ASSERT_TRUE(known.find("id-1", start()));
  EXPECT_EQ(known.find("id-1", start())->claims_json, one.claims_json());
  EXPECT_EQ(known.find("id-1", start())->user, nullptr);
  EXPECT_TRUE(known.find("id-1", start() + seconds(59)));
  EXPECT_FALSE(known.find("id-1", start() + seconds(60)));
  EXPECT_FALSE(known.find("id-2", start()));
  EXPECT_FALSE(known.find("", start()));
}

TEST(EgressInvocations, keep_the_users_token_to_its_end_and_no_longer_than_forge_lets_one_live) {
  Invocations known(100, UserTokens::proven);
  const auto one = invocation("id-1");
  const std::string token = token_of("557058:someone", start() + hours(2));
  known.note_user(one, with("Bearer " + token), start());
  ASSERT_TRUE(known.find("id-1", start() + hours(1)));
  EXPECT_EQ(known.find("id-1", start() + hours(1))->user->secret.reveal(), token);
  EXPECT_FALSE(known.find("id-1", start() + hours(2)));
  known.note_user(one, with(token_of("557058:someone", start() + hours(48))), start());
  EXPECT_EQ(known.find("id-1", start())->user->expires_at, start() + hours(4));
  known.note_user(one, with(token), start());
  EXPECT_EQ(known.find("id-1", start())->user->expires_at, start() + hours(4)) << "the longer one stays";
}

TEST(EgressInvocations, believe_no_token_that_could_be_somebody_elses) {
  const auto claims = invocation("id-1").claims();
  const std::string own = token_of("557058:someone", start() + hours(1));
  const std::string foreign = token_of("557058:other", start() + hours(1));
  const auto believed = [&](const net::Fields& fields, UserTokens which) {
    return !believable_user_token(claims, fields, which).empty();
  };
  EXPECT_TRUE(believed(with(own), UserTokens::proven));
  EXPECT_TRUE(believed(with(own), UserTokens::any));
  EXPECT_FALSE(believed(with(own), UserTokens::off));
  EXPECT_FALSE(believed(with(foreign), UserTokens::proven));
  EXPECT_FALSE(believed(with(foreign), UserTokens::any));
  EXPECT_FALSE(believed(with("opaque"), UserTokens::proven));
  EXPECT_TRUE(believed(with("opaque"), UserTokens::any));
  for (const std::string_view name : {"Origin", "sec-fetch-site"}) {
    EXPECT_FALSE(believed(with(own, {{name, "x"}}), UserTokens::any)) << name << ": a browser sent it";
  }
  EXPECT_FALSE(believed(with(own, {{"x-forge-oauth-user", own}}), UserTokens::any)) << "two of them";
  EXPECT_FALSE(believed(with("with space"), UserTokens::any));
  EXPECT_FALSE(believed({}, UserTokens::any));
  EXPECT_TRUE(believable_user_token(invocation("id-1", "").claims(), with(own), UserTokens::any).empty())
      << "nobody invoked";
}

TEST(EgressInvocations, forget_a_refused_token_and_all_those_of_a_revoked_installation) {
  Invocations known(100, UserTokens::any);
  const auto one = invocation("id-1");
  known.note_user(one, with("first"), start());
  const auto first = known.find("id-1", start())->user;
  ASSERT_NE(first, nullptr);
  known.reject("id-1", first);
  EXPECT_EQ(known.find("id-1", start())->user, nullptr);
  known.note_user(one, with("second"), start());
  known.reject("id-1", first);
  EXPECT_NE(known.find("id-1", start())->user, nullptr) << "that was another one";
  known.reject("id-9", first);
  known.forget_users(one.installation());
  ASSERT_TRUE(known.find("id-1", start())) << "who names it hears why he is refused";
  EXPECT_EQ(known.find("id-1", start())->user, nullptr);
}

TEST(EgressInvocations, forget_the_tokens_of_one_user_and_of_nobody_else) {
  Invocations known(100, UserTokens::any);
  const auto his = invocation("id-1"), hers = invocation("id-2", "557058:another"),
             elsewhere = invocation("id-3", "557058:someone", "1b3a7799-53ae-4a5b-9e7e-03338980abb5");
  for (const auto* one : {&his, &hers, &elsewhere}) known.note_user(*one, with("a-token"), start());
  known.forget_user(his.installation(), *his.account());
  EXPECT_EQ(known.find("id-1", start())->user, nullptr);
  EXPECT_NE(known.find("id-2", start())->user, nullptr);
  EXPECT_NE(known.find("id-3", start())->user, nullptr);
}

TEST(EgressInvocations, mix_no_two_tenants_up_even_if_an_id_came_twice) {
  Invocations known(100, UserTokens::any);
  const auto mine = invocation("id-1");
  const auto theirs = invocation("id-1", "557058:someone", "1b3a7799-53ae-4a5b-9e7e-03338980abb5");
  known.note_user(mine, with("mine"), start());
  known.note(theirs, start());
  ASSERT_TRUE(known.find("id-1", start()));
  EXPECT_EQ(known.find("id-1", start())->installation, theirs.installation());
  EXPECT_EQ(known.find("id-1", start())->user, nullptr);
}

TEST(EgressInvocations, are_bounded) {
  Invocations none(0, UserTokens::any);
  none.note(invocation("id-1"), start());
  none.note_user(invocation("id-1"), with("token"), start());
  EXPECT_FALSE(none.find("id-1", start()));
  Invocations few(16, UserTokens::any);
  std::size_t kept = 0;
  for (int i = 0; i < 200; ++i) few.note(invocation("id-" + std::to_string(i)), start());
  for (int i = 0; i < 200; ++i) kept += few.find("id-" + std::to_string(i), start()) ? 1 : 0;
  EXPECT_GT(kept, 0U);
  EXPECT_LE(kept, 16U);
  EXPECT_TRUE(few.find("id-199", start())) << "the youngest stays";
}

TEST(EgressInvocations, that_come_again_are_known_as_long_again) {
  Invocations known(100, UserTokens::proven);
  const auto one = invocation("id-1");
  known.note(one, start());
  known.note(one, start() + seconds(50));
  EXPECT_TRUE(known.find("id-1", start() + seconds(109)));
  EXPECT_FALSE(known.find("id-1", start() + seconds(110)));
}

TEST(EgressInvocations, give_way_to_younger_ones_and_the_oldest_first) {
  constexpr int capacity = 480;
  Invocations known(capacity, UserTokens::any);
  std::vector<VerifiedInvocation> all;
  for (int i = 0; i < 3 * capacity; ++i) all.push_back(invocation("id-" + std::to_string(i)));
  for (const auto& one : all) known.note(one, start());
  int kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto found = known.find(all[i].claims().jti, start());
    EXPECT_TRUE(!found || found->claims_json == all[i].claims_json());
    EXPECT_TRUE(found || i < all.size() - capacity / 4) << "one of the youngest: " << i;
    EXPECT_FALSE(found && i < capacity) << "one of the oldest: " << i;
    kept += found ? 1 : 0;
  }
  EXPECT_GT(kept, capacity * 9 / 10);
  EXPECT_LE(kept, capacity);
}

TEST(EgressInvocations, have_no_id_that_would_end_a_field_of_the_header) {
  EXPECT_EQ(id_of(invocation("id,as=app").claims()), "");
  EXPECT_EQ(id_of(invocation("0a1b").claims()), "0a1b");
  const auto said = [](const std::string& id) {
    return std::string(invocation_headers(invocation(id), "a.b.c").text());
  };
  EXPECT_NE(said("0a1b").find("X-Forge-Invocation-Id: 0a1b\r\n"), std::string::npos);
  EXPECT_EQ(said("a,b").find("X-Forge-Invocation-Id"), std::string::npos);
  EXPECT_TRUE(is_invocation_header("x_forge_invocation_id"));
}

}  // namespace
}  // namespace tongs::gateway
