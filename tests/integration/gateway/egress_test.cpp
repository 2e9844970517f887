#include <future>
#include <thread>

#include "integration/gateway/platform.hpp"
#include "support/loopback_server.hpp"

namespace tongs::gateway::testing {
namespace {

std::string as_app(const Scene& scene) { return "Forge as=app,installationId=" + scene.installation; }
std::string as_user(const Scene& scene, const std::string& account = "557058:absent") {
  return "Forge as=user,accountId=" + account + ",installationId=" + scene.installation;
}

/// The whole answer to a request that says exactly this, apart from what every request must say.
std::string say(const Scene& scene, const std::string& request_line, const std::string& header_lines) {
  net::testing::RawPeer caller(scene.egress_port());
  caller.say(request_line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header_lines + "\r\n");
  return caller.hear_all();
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

TEST(GatewayEgress, passes_a_401_back_and_keeps_the_only_token) {
  Scene scene;
  scene.push_system_token("system-1");
  scene.unauthorized = 1;
  const auto refused = scene.egress("/jira/x", as_app(scene));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, R"({"code":401,"message":"Unauthorized"})") << "the product's own words";
  EXPECT_EQ(scene.unauthorized, 0);
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).body, R"({"as":"Bearer system-1"})");
  scene.push_system_token("system-2");
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).body, R"({"as":"Bearer system-2"})");
}

TEST(GatewayEgress, passes_a_users_401_back_when_no_other_token_can_be_had) {
  Scene scene;
  scene.push_system_token("system-1");
  ASSERT_EQ(scene.egress("/jira/x", as_user(scene)).status, 200);
  scene.unauthorized = 1;
  scene.tokens_down = true;
  const auto refused = scene.egress("/jira/x", as_user(scene));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, R"({"code":401,"message":"Unauthorized"})");
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
  for (const std::string path :
       {"/jira/../../graphql", "/jira/%2e%2e/x", "/jira/..%2fx", "/jira/..;/x", "/jira/%252e%252e/x"}) {
    const auto answer = say(scene, "GET " + path, "Forge-Proxy-Authorization: " + as_app(scene) + "\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << path;
  }
  EXPECT_EQ(scene.platform.count(), 1U) << "only the key set was asked for";
}

TEST(GatewayEgress, tells_atlassian_nothing_of_who_stands_behind_it) {
  Scene scene;
  scene.push_system_token("system-1");
  const std::vector<std::string> private_names = {"X-Forge-OAuth-System",
                                                  "x-forge-oauth-user",
                                                  "X_Forge_OAuth_System",
                                                  "X-Forwarded-For",
                                                  "x-forwarded-host",
                                                  "X-FORWARDED-PROTO",
                                                  "Forwarded",
                                                  "Via",
                                                  "X-Real-IP",
                                                  "Cookie",
                                                  "Forge-Account-Id",
                                                  "Proxy-Authorization"};
  std::string lines = "Forge-Proxy-Authorization: " + as_app(scene) +
                      "\r\nConnection: x-hop, X-Other-Hop\r\nX-Hop: s\r\nx-other-hop: s\r\nX-Kept: yes\r\n";
  for (const auto& name : private_names) lines += name + ": s\r\n";
  ASSERT_TRUE(say(scene, "GET /jira/x", lines).starts_with("HTTP/1.1 200"));
  const Seen seen = scene.platform.seen().back();
  for (const auto& name : private_names) EXPECT_EQ(seen.header(detail::to_lower(name)), "") << name;
  EXPECT_EQ(seen.header("x-hop"), "");
  EXPECT_EQ(seen.header("x-other-hop"), "");
  EXPECT_EQ(seen.header("x-kept"), "yes");
  EXPECT_EQ(seen.header("authorization"), "Bearer system-1");
}

TEST(GatewayEgress, answers_502_when_an_answer_of_atlassian_is_broken) {
  test::LoopbackServer product([](test::Connection& connection) {
    connection.read_head();
    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n");
    connection.wait_for_close();
  });
  Scene scene;
  scene.product = product.url("");
  scene.push_system_token("system-1");
  const auto answer = scene.egress("/jira/x", as_app(scene));
  EXPECT_EQ(answer.status, 502);
  EXPECT_NE(answer.body.find("urn:tongs:problem:malformed-response"), std::string::npos) << answer.body;
  const auto metrics = scene.get("http://" + scene.gateway->addresses().admin + "/metrics").body;
  EXPECT_NE(metrics.find("\ntongs_egress_broken_answers_total 1\n"), std::string::npos) << metrics;
}

TEST(GatewayEgress, believes_no_system_token_that_came_with_a_user) {
  Scene scene;
  ASSERT_EQ(scene.invoke(scene.signed_fit(), {{"x-forge-oauth-system", "planted"}}).status, 200);
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).status, 503);
}

TEST(GatewayEgress, believes_no_system_token_that_a_browser_could_have_sent) {
  Scene scene;
  auto anonymous = scene.fit();  // of a UI module that nobody is logged in to
  anonymous.account_id.clear();
  ASSERT_EQ(scene.invoke(scene.issuer.sign(anonymous), {{"x-forge-oauth-system", "planted"}}).status, 200);
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).status, 503);
  for (const std::string bad : {"with space", "t\xc3\xb6ken"}) {
    ASSERT_EQ(scene.invoke(scene.signed_event(), {{"x-forge-oauth-system", bad}}).status / 100, 2);
  }
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).status, 503);
}

TEST(GatewayEgress, says_when_to_come_again_for_a_token_that_nobody_has_yet) {
  Scene scene;
  ASSERT_EQ(scene.invoke(scene.signed_event()).status, 200);
  const auto answer = scene.egress("/jira/x", as_app(scene));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("retry-after"), "5");
}

TEST(GatewayEgress, takes_no_blame_for_an_answer_of_atlassian_that_means_nothing) {
  Scene scene;
  scene.push_system_token("system-1");
  scene.on_user_token = [] { return net::Response::text(302, ""); };
  EXPECT_EQ(scene.egress("/jira/x", as_user(scene)).status, 502);
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

TEST(GatewayEgress, takes_the_account_as_text_too) {
  Scene scene;
  scene.push_system_token("system-1");
  const auto answer = scene.egress(
      "/graphql", as_app(scene), "POST",
      R"({"query":"query GetOfflineUserToken($userId: String!) { offlineUserAuthToken(userID: $userId) { accessToken expiry } }","variables":{"userId":"557058:absent"}})");
  EXPECT_NE(answer.body.find(R"("accessToken":"offline-1")"), std::string::npos) << answer.body;
}

TEST(GatewayEgress, serves_the_sdk_which_asks_as_the_seed_does) {
  Scene scene;
  scene.push_system_token("system-1");
  const auto id = InstallationId::parse(scene.installation).value();
  const auto source =
      proxy_token_source({.proxy_url = "http://127.0.0.1:" + std::to_string(scene.egress_port()),
                          .installation = id,
                          .transport = CurlTransport::create({}).value()});
  ASSERT_TRUE(source) << source.error().describe();
  const auto token = (*source)->fetch(AccountId::parse("557058:absent").value(), CallOptions());
  ASSERT_TRUE(token) << token.error().describe();
}

TEST(GatewayEgress, lists_installations) {
  Scene scene;
  EXPECT_EQ(scene.egress("/v1/installations", "").body, R"({"installations":[],"cursor":null})");
  scene.push_system_token("system-1");
  EXPECT_NE(scene.egress("/v1/installations", "").body.find(scene.installation), std::string::npos);
  EXPECT_EQ(scene.egress("/v1/installation/" + scene.installation, "").status, 200);
  EXPECT_EQ(scene.egress("/v1/installation/none", "").status, 404);
}

TEST(GatewayEgress, says_which_methods_its_own_paths_have) {
  Scene scene;
  scene.push_system_token("system-1");
  const std::string installation = "/v1/installation/" + scene.installation;
  for (const std::string& path : {std::string("/v1/installations"), installation,
                                  std::string("/v1/installation/none"), std::string("/invocation/context")}) {
    const auto answer = scene.egress(path, "", "POST");
    EXPECT_EQ(answer.status, 405) << path;
    EXPECT_EQ(answer.header("allow"), "GET, HEAD") << path;
  }
  const auto read = scene.egress("/graphql", as_app(scene));
  EXPECT_EQ(read.status, 405);
  EXPECT_EQ(read.header("allow"), "POST");
  const auto head = scene.egress(installation, "", "HEAD");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
}

TEST(GatewayEgress, refuses_to_be_told_twice_who_calls) {
  Scene scene;
  scene.push_system_token("system-1");
  const std::string line = "forge-proxy-authorization: " + as_app(scene) + "\r\n";
  EXPECT_TRUE(say(scene, "GET /jira/x", line).starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(say(scene, "GET /jira/x", line + line).starts_with("HTTP/1.1 400"));
}

TEST(GatewayEgress, shows_its_tokens_to_no_method_that_would_reflect_them) {
  Scene scene;
  scene.push_system_token("system-1");
  const auto before = scene.platform.count();
  for (const std::string method : {"TRACE", "CONNECT", "trace"}) {
    const auto answer =
        say(scene, method + " /jira/x", "forge-proxy-authorization: " + as_app(scene) + "\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 501")) << answer;
    EXPECT_NE(answer.find("urn:tongs:problem:method-not-implemented"), std::string::npos) << answer;
  }
  EXPECT_EQ(scene.platform.count(), before);
}

TEST(GatewayEgress, passes_the_query_of_a_graphql_call_on) {
  Scene scene;
  scene.push_system_token("system-1");
  EXPECT_EQ(scene.egress("/atlassian/graphql?operation=a%20b&x", as_app(scene), "POST", "{}").status, 200);
  EXPECT_EQ(scene.platform.seen().back().target, "/graphql?operation=a%20b&x");
  EXPECT_EQ(scene.egress("/atlassian/graphql", as_app(scene), "POST", "{}").status, 200);
  EXPECT_EQ(scene.platform.seen().back().target, "/graphql");
  const auto answer =
      say(scene, "GET /atlassian/graphql?a|b", "forge-proxy-authorization: " + as_app(scene) + "\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
}

}  // namespace
}  // namespace tongs::gateway::testing
