#include <future>
#include <thread>

#include "integration/gateway/platform.hpp"

namespace tongs::gateway::testing {
namespace {

std::string as_app(const Scene& scene) { return "Forge as=app,installationId=" + scene.installation; }
std::string as_user(const Scene& scene, const std::string& account = "557058:absent") {
  return "Forge as=user,accountId=" + account + ",installationId=" + scene.installation;
}

TEST(GatewayEgress, calls_the_product_as_the_app_with_the_captured_token) {
  Scene scene;
  scene.push_system_token("system-1");
  const auto answer = scene.egress("/jira/rest/api/3/myself?expand=groups", as_app(scene));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"as":"Bearer system-1"})");
  const Seen seen = scene.platform.seen().back();
  EXPECT_EQ(seen.target, "/ex/jira/" + scene.fit().cloud_id + "/rest/api/3/myself?expand=groups");
  EXPECT_EQ(seen.header("forge-proxy-authorization"), "");
}

TEST(GatewayEgress, calls_the_product_as_an_absent_user_and_fetches_his_token_once) {
  Scene scene;
  scene.push_system_token("system-1");
  EXPECT_EQ(scene.egress("/jira/rest/api/3/myself", as_user(scene)).body, R"({"as":"Bearer offline-1"})");
  EXPECT_EQ(scene.egress("/jira/rest/api/3/myself", as_user(scene)).body, R"({"as":"Bearer offline-1"})");
  EXPECT_EQ(scene.offline_tokens, 1);
  EXPECT_EQ(scene.egress("/jira/rest/api/3/myself", as_user(scene, "557058:other")).body,
            R"({"as":"Bearer offline-2"})");
}

TEST(GatewayEgress, fetches_one_token_for_many_callers_at_once) {
  Scene scene;
  scene.push_system_token("system-1");
  std::vector<std::future<int>> callers;
  for (int i = 0; i < 32; ++i) {
    callers.push_back(
        std::async(std::launch::async, [&] { return scene.egress("/jira/x", as_user(scene)).status; }));
  }
  for (auto& caller : callers) EXPECT_EQ(caller.get(), 200);
  EXPECT_EQ(scene.offline_tokens, 1);
}

TEST(GatewayEgress, tries_once_more_with_another_token_after_a_401) {
  Scene scene;
  scene.push_system_token("system-1");
  scene.unauthorized = 1;
  EXPECT_EQ(scene.egress("/jira/x", as_user(scene)).body, R"({"as":"Bearer offline-2"})");
  scene.unauthorized = 2;
  EXPECT_EQ(scene.egress("/jira/x", as_user(scene)).status, 401);
}

TEST(GatewayEgress, says_what_is_missing) {
  Scene scene;
  EXPECT_EQ(scene.egress("/jira/x", "").status, 400);
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=app").status, 400);
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).status, 404) << "an unknown installation";
  ASSERT_EQ(scene.invoke(scene.signed_fit()).status, 200);
  const auto no_token = scene.egress("/jira/x", as_app(scene));
  EXPECT_EQ(no_token.status, 503);
  EXPECT_NE(no_token.body.find("no live system token"), std::string::npos) << no_token.body;
  EXPECT_EQ(scene.egress("/jira/x", as_user(scene)).body, no_token.body);
  scene.push_system_token("system-1");
  EXPECT_EQ(scene.egress("/confluence/x", as_app(scene)).status, 404) << "not installed in Confluence";
  EXPECT_EQ(scene.egress("/elsewhere", as_app(scene)).status, 404);
}

TEST(GatewayEgress, lets_no_path_escape_the_products_api) {
  Scene scene;
  scene.push_system_token("system-1");
  for (const std::string path : {"/jira/../../graphql", "/jira/%2e%2e/x", "/jira/..%2fx"}) {
    net::testing::RawPeer caller(scene.egress_port());
    caller.say("GET " + path +
               " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nForge-Proxy-Authorization: " +
               as_app(scene) + "\r\n\r\n");
    EXPECT_TRUE(caller.hear_all().starts_with("HTTP/1.1 400")) << path;
  }
  EXPECT_EQ(scene.platform.count(), 1U) << "only the key set was asked for";
}

TEST(GatewayEgress, believes_no_system_token_that_came_with_a_user) {
  Scene scene;
  ASSERT_EQ(scene.invoke(scene.signed_fit(), {{"x-forge-oauth-system", "planted"}}).status, 200);
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).status, 503);
}

TEST(GatewayEgress, answers_the_seeds_query_for_a_token) {
  Scene scene;
  scene.push_system_token("system-1");
  const auto answer = scene.egress(
      "/graphql", "Forge as=app,installationId=" + scene.installation + ",token=system-1", "POST",
      R"({"query":"query($u: ID!) { t: offlineUserAuthToken(userID: $u) { accessToken expiry } }","variables":{"u":"557058:absent"}})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find(R"("accessToken":"offline-1")"), std::string::npos) << answer.body;
}

TEST(GatewayEgress, lists_installations) {
  Scene scene;
  EXPECT_EQ(scene.egress("/v1/installations", "").body, R"({"installations":[],"cursor":null})");
  scene.push_system_token("system-1");
  EXPECT_NE(scene.egress("/v1/installations", "").body.find(scene.installation), std::string::npos);
  EXPECT_EQ(scene.egress("/v1/installation/" + scene.installation, "").status, 200);
  EXPECT_EQ(scene.egress("/v1/installation/none", "").status, 404);
}

}  // namespace
}  // namespace tongs::gateway::testing
