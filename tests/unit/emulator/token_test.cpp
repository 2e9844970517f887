#include <string>
#include <string_view>

#include <tongs/installation.hpp>

#include "emulator/platform/bearer.hpp"
#include "unit/emulator/support.hpp"

namespace tongs::emulator::testing {
namespace {

using namespace std::chrono_literals;

/// Invokes the panel as a user and gives the system token that reached the remote.
std::string direct_token(Stage& stage) {
  stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/x","user":"655362:u"})");
  return stage.last_header("x-forge-oauth-system");
}

std::string function_token(Stage& stage) {
  stage.admin("POST", "/_emulator/invoke", R"({"remote":"backend","path":"/x"})");
  return stage.last_header("x-forge-oauth-system");
}

Millis left(Stage& stage, const std::string& token) {
  return PlatformTime(std::chrono::seconds(claims_of(token).at("exp").as_int64())) - stage.now().platform;
}

TEST(Tokens, AreReusedWhileTheyHaveTwoHoursLeft) {
  Stage stage(quiet_app());
  stage.install();
  const std::string first = direct_token(stage);
  EXPECT_EQ(left(stage, first), 4h);
  stage.real += 2h;
  EXPECT_EQ(direct_token(stage), first);
  stage.real += 1s;
  const std::string second = direct_token(stage);
  EXPECT_NE(second, first);
  EXPECT_EQ(left(stage, second), 4h);
}

TEST(Tokens, ThroughAFunctionMayHaveLessLeft) {
  Stage stage(quiet_app());
  stage.install();
  const std::string first = function_token(stage);
  stage.real += 3h + 50min;
  EXPECT_EQ(function_token(stage), first);
  EXPECT_EQ(left(stage, first), 10min);
  stage.real += 6min;
  EXPECT_NE(function_token(stage), first);
}

TEST(Tokens, AreOfOneInstallationAndOneUser) {
  Stage stage(quiet_app());
  stage.install(R"({"site":"one"})");
  const auto two = stage.install(R"({"site":"two"})");
  const auto token_of = [&](const std::string& installation, std::string_view user) {
    stage.admin("POST", "/_emulator/invoke",
                R"({"module":"panel","path":"/x","user":")" + std::string(user) + R"(","installationId":")" +
                    installation + "\"}");
    return stage.last_header("x-forge-oauth-user");
  };
  const std::string one(stage.world().directory.installations().front().id.bare());
  const std::string other(two.at("id").as_string());
  const std::string ada = token_of(one, "1:ada");
  EXPECT_EQ(token_of(one, "1:ada"), ada);
  EXPECT_NE(token_of(one, "1:uma"), ada);
  EXPECT_NE(token_of(other, "1:ada"), ada);
}

TEST(Tokens, HaveAnExpiryThatTheSdkReads) {
  Stage stage(quiet_app());
  stage.install();
  const auto expiry = unverified_expiry(direct_token(stage));
  ASSERT_TRUE(expiry);
  EXPECT_EQ(*expiry, std::chrono::floor<std::chrono::seconds>(kStart) + 4h);
}

std::string refusal(Stage& stage, std::string_view authorization) {
  const auto caller =
      authenticate(authorization, stage.world().mint, stage.world().directory, stage.now().platform);
  const auto* refused = std::get_if<BearerRefusal>(&caller);
  return refused == nullptr ? "accepted" : std::string(refused->reason);
}

TEST(Bearer, IsCheckedInEveryRespect) {
  Stage stage(quiet_app());
  const auto installation = stage.install();
  const std::string token = direct_token(stage);
  EXPECT_EQ(refusal(stage, "Bearer " + token), "accepted");
  EXPECT_EQ(refusal(stage, "bearer " + token), "accepted");
  EXPECT_EQ(refusal(stage, ""), "there is no authorization header");
  EXPECT_EQ(refusal(stage, token), "the authorization header is not Bearer and a token");
  EXPECT_EQ(refusal(stage, "Basic " + token), "the authorization header is not Bearer and a token");
  for (const std::string_view forged : {"x", "..", "a.b.c", "e30.e30.", "Bearer"}) {
    EXPECT_EQ(refusal(stage, "Bearer " + std::string(forged)), "the token was not issued here") << forged;
  }
  EXPECT_EQ(refusal(stage, "Bearer " + token + "x"), "the token was not issued here");
  std::string changed = token;
  changed[token.find('.') + 5] = changed[token.find('.') + 5] == 'A' ? 'B' : 'A';
  EXPECT_EQ(refusal(stage, "Bearer " + changed), "the token was not issued here");
  const std::string fit = stage.last_header("authorization");
  EXPECT_EQ(refusal(stage, fit), "the token was not issued here") << "a FIT is no access token";
  stage.real += 4h;
  EXPECT_EQ(refusal(stage, "Bearer " + token), "the token has expired");
}

TEST(Bearer, EndsWithItsInstallation) {
  Stage stage(quiet_app());
  const auto first = stage.install();
  const std::string token = direct_token(stage);
  stage.admin("DELETE", "/_emulator/installations/" + text_at(first, "id"));
  EXPECT_EQ(refusal(stage, "Bearer " + token), "the app was uninstalled, which ends its tokens");
  const auto second = stage.install();
  EXPECT_EQ(second.at("cloudId"), first.at("cloudId"));
  EXPECT_NE(second.at("id"), first.at("id"));
  EXPECT_NE(direct_token(stage), token) << "a reinstalled app starts with tokens of its own";
  EXPECT_EQ(refusal(stage, "Bearer " + token), "the app was uninstalled, which ends its tokens");
}

TEST(Bearer, OfAnotherEmulatorIsRefused) {
  Stage stage(quiet_app());
  stage.install();
  TokenMint other(Secret("another key"));
  const std::string token = direct_token(stage);
  EXPECT_TRUE(std::holds_alternative<TokenMint::Refusal>(other.recognise(token, stage.now().platform)));
}

}  // namespace
}  // namespace tongs::emulator::testing
