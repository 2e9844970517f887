#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/fit.hpp>

#include "emulator/platform/fit_minter.hpp"
#include "unit/emulator/support.hpp"

namespace tongs::emulator::testing {
namespace {

using namespace std::chrono_literals;

class StandingClock final : public Clock {
 public:
  WallTime wall_now() const noexcept override { return std::chrono::floor<std::chrono::seconds>(kStart); }
  MonoTime mono_now() const noexcept override { return {}; }
};

/// What our own verifier says about a token, or "accepted".
std::string verdict(World& world, std::string_view token) {
  const auto verifier = FitVerifier::create(world.app.id, static_keys(world.keys.jwks()).value(), {},
                                            std::make_shared<StandingClock>());
  const auto verified = verifier.value().verify(token);
  return verified ? "accepted" : std::string(to_string(verified.error().code()));
}

/// A FIT for a user in the panel, with this flaw.
std::string fit(Stage& stage, FitFlaw flaw = FitFlaw::none) {
  World& world = stage.world();
  if (world.directory.installations().empty()) stage.install();
  const Installation& installation = world.directory.installations().front();
  const json::object context{{"cloudId", installation.cloud_id}, {"moduleKey", "panel"}};
  const FitSubject subject{.app = world.app,
                           .installation = installation,
                           .site = world.site_of(installation),
                           .module_type = "jira:issuePanel",
                           .module_key = "panel",
                           .account = "655362:312d3308-8954-42b0-aa38-771a10c88656",
                           .context = &context};
  json::object claims =
      fit_claims(subject, world.environment_id, world.origin, world.behaviour, *world.random, kStart);
  return sign_fit(std::move(claims), world.keys, flaw, *world.random).value();
}

TEST(Fit, IsAcceptedByTheVerifierOfTheSdk) {
  Stage stage(quiet_app());
  EXPECT_EQ(verdict(stage.world(), fit(stage)), "accepted");
}

TEST(Fit, HasTheClaimsOfTheContract) {
  Stage stage(quiet_app());
  const std::string token = fit(stage);
  const World& world = stage.world();
  const Installation& installation = world.directory.installations().front();
  const std::string cloud = installation.cloud_id, id = installation.id.str();
  const json::object claims = claims_of(token);
  const json::object expected{
      {"app",
       {{"id", kAppId},
        {"version", "2"},
        {"appVersion", "2.3.4"},
        {"installationId", id},
        {"apiBaseUrl", "http://127.0.0.1:7080/ex/jira/" + cloud},
        {"installation",
         {{"id", id},
          {"contexts",
           json::array{json::object{{"name", "jira"},
                                    {"apiBaseUrl", "http://127.0.0.1:7080/ex/jira/" + cloud},
                                    {"cloudId", cloud}},
                       json::object{{"name", "confluence"},
                                    {"apiBaseUrl", "http://127.0.0.1:7080/ex/confluence/" + cloud},
                                    {"cloudId", cloud}}}}}},
        {"environment",
         {{"type", "DEVELOPMENT"},
          {"id",
           "ari:cloud:ecosystem::environment/8db33809-1f32-48bb-8c52-5877dab48107/" + world.environment_id}}},
        {"module", {{"type", "jira:issuePanel"}, {"key", "panel"}}}}},
      {"context", {{"cloudId", cloud}, {"moduleKey", "panel"}}},
      {"principal", "655362:312d3308-8954-42b0-aa38-771a10c88656"},
      {"aud", kAppId},
      {"iss", "forge/invocation-token"},
      {"iat", 1'800'000'000},
      {"nbf", 1'800'000'000},
      {"exp", 1'800'000'025},
      {"jti", claims.at("jti")}};
  EXPECT_EQ(json::serialize(claims), json::serialize(expected));
  const std::string jti(claims.at("jti").as_string());
  EXPECT_EQ(jti.size(), 40U);
  EXPECT_EQ(jti.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(Fit, HasTheHeaderOfTheContract) {
  Stage stage(quiet_app());
  const std::string token = fit(stage);
  const auto header = json::parse(base64url_decode(token.substr(0, token.find('.'))).value()).as_object();
  EXPECT_EQ(header.size(), 2U);
  EXPECT_EQ(header.at("alg").as_string(), "RS256");
  EXPECT_TRUE(std::string(header.at("kid").as_string()).starts_with("forge/invocation-token/wf-"));
}

TEST(Fit, KnowsTheShortFormOfTheEnvironment) {
  Stage stage(quiet_app());
  stage.world().behaviour.long_environment_ari = false;
  const auto claims = claims_of(fit(stage));
  EXPECT_EQ(claims.at("app").at("environment").at("id").as_string(),
            "ari:cloud:ecosystem::environment/" + stage.world().environment_id);
}

TEST(Fit, CarriesLicenceAndIsolatedCloudLabelOfItsInstallation) {
  Stage stage(quiet_app());
  stage.install(
      R"({"license":{"active":true,"type":"commercial"},"icLabel":"orange","environment":"PRODUCTION"})");
  const auto claims = claims_of(fit(stage));
  EXPECT_EQ(json::serialize(claims.at("app").at("license")), R"({"active":true,"type":"commercial"})");
  EXPECT_EQ(claims.at("icLabel").as_string(), "orange");
  EXPECT_EQ(claims.at("app").at("environment").at("type").as_string(), "PRODUCTION");
}

TEST(Fit, CarriesAHostileLabelOnlyIfThatIsAskedFor) {
  Stage stage(quiet_app());
  stage.install(R"({"hostileIcLabel":"../evil.example/#"})");
  EXPECT_EQ(claims_of(fit(stage)).at("icLabel").as_string(), "../evil.example/#");
}

struct Flawed {
  FitFlaw flaw;
  std::string_view verdict;
};
class FitFlaws : public ::testing::TestWithParam<Flawed> {};

TEST_P(FitFlaws, AreFoundByTheVerifierOfTheSdk) {
  Stage stage(quiet_app());
  EXPECT_EQ(verdict(stage.world(), fit(stage, GetParam().flaw)), GetParam().verdict);
}

INSTANTIATE_TEST_SUITE_P(Table, FitFlaws,
                         ::testing::Values(Flawed{FitFlaw::expired, "token_expired"},
                                           Flawed{FitFlaw::not_yet_valid, "token_not_yet_valid"},
                                           Flawed{FitFlaw::wrong_audience, "audience_mismatch"},
                                           Flawed{FitFlaw::wrong_issuer, "issuer_mismatch"},
                                           Flawed{FitFlaw::wrong_signature, "signature_invalid"},
                                           Flawed{FitFlaw::unknown_key, "key_unknown"},
                                           Flawed{FitFlaw::no_signature, "algorithm_not_allowed"}));

TEST(KeyRing, WithOverlapOldTokensStayValid) {
  Stage stage(quiet_app());
  World& world = stage.world();
  const std::string before = fit(stage), first = world.keys.current().kid();
  EXPECT_TRUE(world.keys.rotate(*world.random, true).value().empty());
  EXPECT_NE(world.keys.current().kid(), first);
  EXPECT_EQ(verdict(world, before), "accepted");
  EXPECT_EQ(verdict(world, fit(stage)), "accepted");
}

TEST(KeyRing, WithoutOverlapOldTokensAreOfAnUnknownKey) {
  Stage stage(quiet_app());
  World& world = stage.world();
  const std::string before = fit(stage), first = world.keys.current().kid();
  EXPECT_EQ(world.keys.rotate(*world.random, false).value(), std::vector<std::string>{first});
  EXPECT_EQ(verdict(world, before), "key_unknown");
  EXPECT_EQ(verdict(world, fit(stage)), "accepted");
}

TEST(KeyRing, PublishesAtMostSixKeys) {
  Stage stage(quiet_app());
  World& world = stage.world();
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(world.keys.rotate(*world.random, true));
  EXPECT_EQ(world.keys.published().size(), 6U);
}

TEST(ContextToken, HasTheClaimsOfTheContract) {
  Stage stage;
  stage.install();
  stage.admin("POST", "/_emulator/clock/advance", R"({"seconds":300})");
  const auto body = json::parse(stage.requests.back().body).as_object();
  const auto token = std::string(body.at("contextToken").as_string());
  const auto claims = claims_of(token);
  const auto header = json::parse(base64url_decode(token.substr(0, token.find('.'))).value());
  EXPECT_TRUE(std::string(header.at("kid").as_string()).starts_with("forge/context-token/"));
  EXPECT_EQ(claims.at("iss").as_string(), "forge/context-token");
  EXPECT_EQ(claims.at("aud").as_string(), "forge");
  EXPECT_EQ(claims.at("extensionType").as_string(), "core:scheduledTrigger");
  EXPECT_EQ(claims.at("exp").as_int64() - claims.at("iat").as_int64(), 900);
  EXPECT_TRUE(std::string(claims.at("extensionId").as_string()).ends_with("/static/hourly"));
  EXPECT_EQ(verdict(stage.world(), token), "issuer_mismatch") << "it is no FIT";
}

}  // namespace
}  // namespace tongs::emulator::testing
