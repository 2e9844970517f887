#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <tongs/fit.hpp>
#include <tongs/jira/v3/issue_search.hpp>
#include <tongs/jira/v3/issues.hpp>
#include <tongs/jira/v3/myself.hpp>
#include <tongs/token_manager.hpp>

#include "integration/emulator/scene.hpp"

namespace tongs::emulator::testing {
namespace {

constexpr const char* kUser = "655362:312d3308-8954-42b0-aa38-771a10c88656";

/// What a backend makes of one delivery: the SDK against the emulated platform, nothing in between.
class Backend {
 public:
  Backend(const Scene& scene, const test::Seen& delivery)
      : verifier_(
            FitVerifier::create(
                AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107").value(),
                RemoteKeySource::create(scene.origin + "/.well-known/jwks.json", scene.transport).value())
                .value()),
        invocation(verifier_.verify(delivery.header("authorization").substr(7)).value()),
        credentials(std::make_shared<InstallationCredentials>(invocation.installation())),
        adapter(direct_adapter({.product = Product::jira,
                                .api_base_url = invocation.claims().api_base_url,
                                .transport = scene.transport,
                                .credentials = credentials})
                    .value()),
        tokens(
            direct_token_source(
                {.credentials = credentials,
                 .transport = scene.transport,
                 .context = ContextAri::parse("ari:cloud:jira::site/" + invocation.claims().cloud_id).value(),
                 .graphql_url = scene.origin + "/graphql"})
                .value()) {
    EXPECT_TRUE(credentials->offer(Secret(delivery.header("x-forge-oauth-system"))));
  }

 private:
  FitVerifier verifier_;

 public:
  VerifiedInvocation invocation;
  std::shared_ptr<InstallationCredentials> credentials;
  std::shared_ptr<const Adapter> adapter;
  TokenManager tokens;
};

TEST(EmulatorWithSdk, AnInstallEventIsEnoughToActForAbsentUsers) {
  Scene scene;
  const auto installation = scene.admin("POST", "/installations");
  const auto seen = scene.remote.seen();
  ASSERT_EQ(seen.size(), 1U);
  Backend backend(scene, seen[0]);
  EXPECT_EQ(backend.invocation.installation().str(), Scene::text(installation, "installationId"));
  EXPECT_FALSE(backend.invocation.account());

  const auto user = backend.tokens.bound_client(backend.adapter, AccountId::parse(kUser).value());
  ASSERT_TRUE(user) << user.error().describe();
  const auto issue = jira::v3::get_issue(*user, {.issue_id_or_key = "PROJ-1", .fields = {"summary"}});
  ASSERT_TRUE(issue) << issue.error().describe();
  EXPECT_EQ(issue->summary(), "First light");
  const auto me = jira::v3::get_current_user(*user);
  ASSERT_TRUE(me) << me.error().describe();
  EXPECT_EQ(me->account_id(), kUser);
  const auto app = jira::v3::get_current_user(as_app(backend.adapter));
  ASSERT_TRUE(app) << app.error().describe();
  EXPECT_EQ(app->account_type(), "app");
}

TEST(EmulatorWithSdk, ErrorsOfThePlatformReachTheCallerByKind) {
  Scene scene;
  const auto installation = scene.admin("POST", "/installations");
  Backend backend(scene, scene.remote.seen().at(0));
  const auto user = backend.tokens.bound_client(backend.adapter, AccountId::parse(kUser).value()).value();

  const auto hidden = jira::v3::get_issue(user, {.issue_id_or_key = "SECRET-1"});
  ASSERT_FALSE(hidden);
  EXPECT_EQ(hidden.error().code(), Errc::not_found);

  const auto nobody = backend.tokens.get_token(AccountId::parse("1:nobody").value());
  ASSERT_FALSE(nobody);
  ASSERT_NE(nobody.error().remote(), nullptr);
  EXPECT_EQ(nobody.error().remote()->messages.front(), "There is no such user on this site");

  scene.admin("PUT", "/behaviour", R"({"offlineRateLimit":0})");
  const auto limited =
      backend.tokens.get_token(AccountId::parse("557058:11111111-2222-4333-8444-555555555555").value());
  ASSERT_FALSE(limited);
  EXPECT_EQ(limited.error().code(), Errc::rate_limited);
  EXPECT_TRUE(limited.error().retry_after());

  scene.admin("DELETE", "/installations/" + Scene::text(installation, "id"));
  const auto gone = jira::v3::get_current_user(as_app(backend.adapter));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code(), Errc::rejected);
}

TEST(EmulatorWithSdk, AnExpiredOfflineTokenIsReplacedOnTheFly) {
  Scene scene;
  scene.admin("POST", "/installations");
  Backend backend(scene, scene.remote.seen().at(0));
  const auto user = backend.tokens.bound_client(backend.adapter, AccountId::parse(kUser).value()).value();
  ASSERT_TRUE(jira::v3::get_current_user(user));
  scene.admin("POST", "/clock/advance", R"({"duration":"61m"})");  // behind the SDK's back
  const auto me = jira::v3::get_current_user(user);
  ASSERT_TRUE(me) << me.error().describe();
  EXPECT_EQ(backend.tokens.stats().fetches, 2U);
}

TEST(EmulatorWithSdk, FaultsOnTheWireAreSurvivedOrReported) {
  Scene scene;
  scene.admin("POST", "/installations");
  Backend backend(scene, scene.remote.seen().at(0));
  const auto user = backend.tokens.bound_client(backend.adapter, AccountId::parse(kUser).value()).value();
  const auto failure = [&](const std::string& action, int count = 1) -> Error {
    scene.admin("POST", "/faults",
                R"({"match":{"operation":"getIssue"},"count":)" + std::to_string(count) + R"(,"action":)" +
                    action + '}');
    const auto issue =
        jira::v3::get_issue(user.with_retry({.max_attempts = 1}), {.issue_id_or_key = "PROJ-1"});
    if (issue) return {Errc::internal, "the call went well in spite of the fault"};
    return issue.error();
  };

  // Twice, because a connection that dies before it answers is replaced by libcurl once.
  EXPECT_EQ(failure(R"({"reset":true})", 2).code(), Errc::transport_failed);
  EXPECT_EQ(failure(R"({"truncateAfter":10})").code(), Errc::transport_failed);
  EXPECT_EQ(failure(R"({"malformed":true})").code(), Errc::malformed_response);
  const Error limited = failure(R"({"rateLimit":{"retryAfterSeconds":3}})");
  EXPECT_EQ(limited.code(), Errc::rate_limited);
  EXPECT_EQ(limited.retry_after(), std::chrono::seconds(3));
  scene.admin("POST", "/faults", R"({"match":{"operation":"getIssue"},"count":2,"action":{"status":503}})");
  const auto retried =
      jira::v3::get_issue(user.with_retry({.max_attempts = 3, .base = std::chrono::milliseconds(1)}),
                          {.issue_id_or_key = "PROJ-1"});
  EXPECT_TRUE(retried) << retried.error().describe();
  const auto faults = scene.admin("GET", "/faults");
  for (const auto& fault : faults.at("faults").as_array()) {
    EXPECT_TRUE(fault.at("completed").as_bool()) << json::serialize(fault);
  }
}

TEST(EmulatorWithSdk, SearchIsPagedByTheSdk) {
  Scene scene;
  scene.admin("POST", "/installations");
  Backend backend(scene, scene.remote.seen().at(0));
  const auto user = backend.tokens.bound_client(backend.adapter, AccountId::parse(kUser).value()).value();
  const auto answer = user.send_json({.method = "GET",
                                      .path = "/rest/api/3/search/jql",
                                      .query = {{"jql", "project = PROJ"}, {"maxResults", "2"}}});
  ASSERT_TRUE(answer) << answer.error().describe();
  EXPECT_EQ((*answer)["issues"].size(), 2U);
  EXPECT_TRUE((*answer)["nextPageToken"].string());
}

}  // namespace
}  // namespace tongs::emulator::testing
