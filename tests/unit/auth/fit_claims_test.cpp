#include "auth/fit_claims.hpp"

#include <chrono>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <tongs/json.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "support/replaced.hpp"

namespace tongs::detail {

namespace {

using std::chrono::seconds;

Result<FitClaims> read(std::string_view json) {
  return read_fit_claims(JsonDocument::parse(json).value().root());
}

/// The documented FIT with `from` replaced.
Result<FitClaims> read_with(std::string_view from, std::string_view to) {
  return read(replaced(testing::TestFit().json(), from, to));
}

/// Nothing but what is required.
std::string least(std::string_view app) {
  return R"({"iat":1,"nbf":2,"exp":3,"jti":"j","app":)" + std::string(app) + "}";
}
const std::string kLeastApp =
    R"({"id":"ari:cloud:ecosystem::app/a","installationId":"ari:cloud:ecosystem::installation/i"})";

TEST(FitClaims, AreThoseOfTheDocumentedToken) {
  testing::TestFit fit;
  fit.license_active = true;
  fit.ic_label = "orange";
  const auto claims = read(fit.json());
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->app_id.str(), fit.app_id);
  EXPECT_EQ(claims->installation.str(), fit.installation_id);
  ASSERT_EQ(claims->contexts.size(), 1u);
  EXPECT_EQ(claims->contexts[0].name, "jira");
  EXPECT_EQ(claims->contexts[0].api_base_url, fit.api_base_url);
  EXPECT_EQ(claims->contexts[0].cloud_id, fit.cloud_id);
  EXPECT_EQ(claims->api_base_url, fit.api_base_url);
  EXPECT_EQ(claims->app_version, "16.0.1");
  EXPECT_EQ(claims->environment_type, "DEVELOPMENT");
  EXPECT_EQ(claims->environment_id, fit.environment_id);
  EXPECT_EQ(claims->module_type, "xen:macro");
  EXPECT_EQ(claims->module_key, "forge-remote-app-boot");
  ASSERT_TRUE(claims->license);
  EXPECT_EQ(claims->license->active, true);
  EXPECT_EQ(claims->license->type, "commercial");
  EXPECT_EQ(claims->license->capability_set, "capabilityStandard");
  EXPECT_FALSE(claims->license->evaluation);
  ASSERT_TRUE(claims->account);
  EXPECT_EQ(claims->account->str(), fit.account_id);
  EXPECT_EQ(claims->cloud_id, fit.cloud_id);
  EXPECT_EQ(claims->workspace_id, "");
  EXPECT_EQ(claims->site_url, "https://example.atlassian.net");
  EXPECT_EQ(claims->ic_label, "orange");
  EXPECT_EQ(claims->issued_at, fit.issued_at);
  EXPECT_EQ(claims->not_before, fit.issued_at);
  EXPECT_EQ(claims->expires_at, fit.issued_at + seconds(25));
  EXPECT_EQ(claims->jti, fit.jti);
}

TEST(FitClaims, NeedOnlyDatesJtiAppAndInstallation) {
  const auto claims = read(least(kLeastApp));
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->installation.bare(), "i");
  EXPECT_FALSE(claims->account);
  EXPECT_FALSE(claims->license);
  EXPECT_TRUE(claims->contexts.empty());
  EXPECT_EQ(claims->api_base_url + claims->app_version + claims->cloud_id + claims->site_url, "");
  EXPECT_EQ(claims->issued_at, WallTime(seconds(1)));
  EXPECT_EQ(claims->not_before, WallTime(seconds(2)));
  EXPECT_EQ(claims->expires_at, WallTime(seconds(3)));
}

TEST(FitClaims, WithoutARequiredOneAreRefused) {
  for (const std::string_view missing :
       {R"("iat":1,)", R"("nbf":2,)", R"("exp":3,)", R"("jti":"j",)", R"("id":"ari:cloud:ecosystem::app/a",)",
        R"(,"installationId":"ari:cloud:ecosystem::installation/i")"}) {
    const auto claims = read(replaced(least(kLeastApp), missing, ""));
    ASSERT_FALSE(claims) << missing;
    EXPECT_EQ(claims.error().code(), Errc::token_malformed);
  }
  for (const std::string_view root : {"{}", "[]", "null", "7", "\"text\""}) EXPECT_FALSE(read(root)) << root;
  for (const std::string_view app : {"null", "[]", "\"ari:cloud:ecosystem::app/a\"", "{}"}) {
    EXPECT_FALSE(read(least(app))) << app;
  }
}

TEST(FitClaims, DatesAreWholeSecondsUpToTheYear9999) {
  for (const std::string_view good : {"0", "1700175174", "253402300799", "-0"}) {
    EXPECT_TRUE(read_with(R"("exp":1700175174)", "\"exp\":" + std::string(good))) << good;
  }
  for (const std::string_view bad : {"1700175174.0", "1700175174.5", "1.7e9", "\"1700175174\"", "-1",
                                     "253402300800", "9223372036854775807", "9223372036854775808",
                                     "18446744073709551615", "1e300", "null", "true", "[1700175174]", "{}"}) {
    for (const std::string_view name : {"iat", "nbf", "exp"}) {
      const std::string date = name == "exp" ? "1700175174" : "1700175149";
      const std::string member = "\"" + std::string(name) + "\":";
      const auto claims = read_with(member + date, member + std::string(bad));
      ASSERT_FALSE(claims) << name << ' ' << bad;
      EXPECT_EQ(claims.error().code(), Errc::token_malformed);
    }
  }
}

TEST(FitClaims, TheInstallationMayStandInEitherPlace) {
  const auto nested =
      read(least(R"({"id":"a","installation":{"id":"ari:cloud:ecosystem::installation/i"}})"));
  ASSERT_TRUE(nested);
  EXPECT_EQ(nested->installation.str(), "ari:cloud:ecosystem::installation/i");
  EXPECT_TRUE(read(least(
      R"({"id":"a","installationId":"i","installation":{"id":"ari:cloud:ecosystem::installation/i"}})")));
  EXPECT_TRUE(read(least(R"({"id":"a","installationId":"i","installation":{"id":null,"contexts":null}})")));
}

TEST(FitClaims, TwoInstallationsAreNone) {
  for (const std::string_view app : {R"({"id":"a","installationId":"i","installation":{"id":"other"}})",
                                     R"({"id":"a","installationId":"i","installation":{"id":7}})",
                                     R"({"id":"a","installationId":7,"installation":{"id":"i"}})",
                                     R"({"id":"a","installationId":"","installation":{"id":"i"}})",
                                     R"({"id":"a","installationId":"ari:cloud:ecosystem::app/i"})"}) {
    const auto claims = read(least(app));
    ASSERT_FALSE(claims) << app;
    EXPECT_EQ(claims.error().code(), Errc::token_malformed);
  }
}

TEST(FitClaims, AUserWhoCannotBeReadIsNotTakenForNoUser) {
  const std::string principal = R"("principal":"655362:312d3308-8954-42b0-aa38-771a10c88656")";
  EXPECT_FALSE(read_with(principal + ",", "")->account);
  EXPECT_FALSE(read_with(principal, R"("principal":null)")->account);
  for (const std::string_view bad : {"\"\"", "7", "[]", "{}", "false", R"("a,b")", R"("a\nb")", R"("a b")"}) {
    const auto claims = read_with(principal, "\"principal\":" + std::string(bad));
    ASSERT_FALSE(claims) << bad;
    EXPECT_EQ(claims.error().code(), Errc::token_malformed);
  }
}

TEST(FitClaims, TheLicensePrefersActiveToIsActive) {
  const auto license = [](std::string_view json) {
    return read(replaced(least(kLeastApp), R"({"id")", R"({"license":)" + std::string(json) + R"(,"id")"))
        ->license;
  };
  EXPECT_EQ(license(R"({"active":true,"isActive":false})")->active, true);
  EXPECT_EQ(license(R"({"active":false,"isActive":true})")->active, false);
  EXPECT_EQ(license(R"({"isActive":true})")->active, true);
  EXPECT_EQ(license(R"({"active":null,"isActive":false})")->active, false);
  EXPECT_EQ(license(R"({"active":"yes"})")->active, std::nullopt);
  EXPECT_EQ(license("{}")->active, std::nullopt);
  EXPECT_TRUE(license(R"({"isEvaluation":true})")->evaluation);
  for (const std::string_view none : {"null", "true", "[]", "\"COMMERCIAL\""})
    EXPECT_FALSE(license(none)) << none;
}

TEST(FitClaims, TheCloudIdComesFromTheContextElseFromAllContextsTogether) {
  const auto with_contexts = [](std::string_view contexts, std::string_view context = "{}") {
    return read(R"({"iat":1,"nbf":1,"exp":1,"jti":"j","app":{"id":"a","installation":{"id":"i","contexts":)" +
                std::string(contexts) + R"(}},"context":)" + std::string(context) + "}");
  };
  EXPECT_EQ(with_contexts(R"([{"cloudId":"c"}])")->cloud_id, "c");
  EXPECT_EQ(with_contexts(R"([{"cloudId":"c"},{"workspaceId":"w"},{"cloudId":"c"}])")->cloud_id, "c");
  EXPECT_EQ(with_contexts(R"([{"cloudId":"c"},{"workspaceId":"w"}])")->workspace_id, "w");
  EXPECT_EQ(with_contexts(R"([{"cloudId":"c"},{"cloudId":"d"}])")->cloud_id, "")
      << "which one is meant, nobody says";
  EXPECT_EQ(with_contexts(R"([{"cloudId":"c"},{"cloudId":"d"}])", R"({"cloudId":"d"})")->cloud_id, "d");
  EXPECT_EQ(with_contexts(R"([{"cloudId":"c"},{"cloudId":"d"},{"cloudId":"c"}])")->cloud_id, "");
  for (const std::string_view odd : {"null", "{}", "7", "[]", "[null,7,[]]", R"({"0":{"cloudId":"c"}})"}) {
    ASSERT_TRUE(with_contexts(odd)) << odd;
    EXPECT_EQ(with_contexts(odd)->cloud_id, "") << odd;
  }
}

TEST(FitClaims, AWorkspaceHasNoBraces) {
  const auto workspace = [](std::string_view id) {
    return read(
               R"({"iat":1,"nbf":1,"exp":1,"jti":"j","app":{"id":"a","installationId":"i"},"context":{"workspaceId":")" +
               std::string(id) + R"("}})")
        ->workspace_id;
  };
  EXPECT_EQ(workspace("{b7ea}"), "b7ea");
  EXPECT_EQ(workspace("b7ea"), "b7ea");
  EXPECT_EQ(workspace("{b7ea"), "{b7ea");
  EXPECT_EQ(workspace("{}"), "");
}

TEST(FitClaims, BothFormsOfAnEnvironmentAreKeptAsTheyAre) {
  const std::string two =
      "ari:cloud:ecosystem::environment/8db33809-1f32-48bb-8c52-5877dab48107/"
      "aa911f10-c54b-4b93-9e27-dd2947840b9e";
  const std::string one = "ari:cloud:ecosystem::environment/aa911f10-c54b-4b93-9e27-dd2947840b9e";
  EXPECT_EQ(read_with(two, two)->environment_id, two);
  EXPECT_EQ(read_with(two, one)->environment_id, one);
  EXPECT_EQ(*EnvironmentId::parse(one), *EnvironmentId::parse(two));
}

TEST(FitClaims, TheDeprecatedVersionStandsIn) {
  EXPECT_EQ(read_with(R"("appVersion":"16.0.1",)", "")->app_version, "16");
  EXPECT_EQ(read_with(R"("version":"16",)", "")->app_version, "16.0.1");
}

TEST(FitClaims, OptionalOnesOfAnotherFormAreEmpty) {
  EXPECT_EQ(read_with(R"("siteUrl":"https://example.atlassian.net")", R"("siteUrl":{"a":1})")->site_url, "");
  EXPECT_EQ(read_with(R"("environment":{)", R"("environment":7,"x":{)")->environment_type, "");
  const auto without_context =
      read(replaced(testing::TestFit().json(), R"("context":{)", R"("context":null,"was":{)"));
  ASSERT_TRUE(without_context);
  EXPECT_EQ(without_context->cloud_id, testing::TestFit().cloud_id);
}

TEST(FitClaims, NoTextCanBreakAHeader) {
  for (const std::string_view text : {"a\\r\\nx-evil: 1", "a\\u0000", "a\\tb", "\\u007f"}) {
    const std::string site = R"("siteUrl":")" + std::string(text) + "\"";
    EXPECT_EQ(read_with(R"("siteUrl":"https://example.atlassian.net")", site)->site_url, "") << text;
  }
  EXPECT_FALSE(read_with(testing::TestFit().jti, "a\\nb"));
  EXPECT_EQ(read_with("https://example.atlassian.net", "https://example/é")->site_url, "https://example/é");
}

}  // namespace

}  // namespace tongs::detail
