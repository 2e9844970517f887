#include <tongs/json.hpp>

#include "base/base64url.hpp"
#include "integration/gateway/platform.hpp"

namespace tongs::gateway::testing {
namespace {

TEST(GatewayIngress, forwards_a_genuine_invocation_with_what_it_proved) {
  Scene scene;
  const auto answer = scene.invoke(scene.signed_fit(), {}, "/panel?x=1", R"({"a":1})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hello from the backend");
  ASSERT_EQ(scene.backend.count(), 1U);
  const Seen seen = scene.backend.seen().front();
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/panel?x=1");
  EXPECT_EQ(seen.body, R"({"a":1})");
  EXPECT_EQ(seen.header("forge-installation-id"), scene.fit().installation_id);
  EXPECT_EQ(seen.header("forge-app-id"), scene.fit().app_id);
  EXPECT_EQ(seen.header("forge-environment"), "DEVELOPMENT");
  EXPECT_EQ(seen.header("forge-module"), "forge-remote-app-boot");
  EXPECT_EQ(seen.header("forge-account-id"), scene.fit().account_id);
  EXPECT_EQ(seen.header("forge-cloud-id"), scene.fit().cloud_id);
  EXPECT_EQ(seen.header("forge-api-base-url"), scene.fit().api_base_url);
  const auto claims = base64url_decode(seen.header("forge-invocation"));
  ASSERT_TRUE(claims);
  const auto parsed = JsonDocument::parse(*claims);
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)["iss"].string_or(""), "forge/invocation-token");
  EXPECT_FALSE(seen.header("x-b3-traceid").empty());
}

TEST(GatewayIngress, lets_nobody_else_set_its_headers_or_pass_credentials) {
  Scene scene;
  net::testing::RawPeer caller(scene.ingress_port());
  caller.say("GET / HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + scene.signed_event() +
             "\r\nForge-Account-Id: mallory\r\nForge_Account_Id: mallory\r\nX-Forge-OAuth-System: secret\r\n"
             "X-Forge-OAuth-User: secret\r\nConnection: close, x-hop\r\nX-Hop: 1\r\nX-Kept: yes\r\n\r\n");
  ASSERT_TRUE(caller.hear_all().starts_with("HTTP/1.1 200"));
  const Seen seen = scene.backend.seen().front();
  EXPECT_EQ(seen.header("forge-account-id"), "");
  EXPECT_EQ(seen.header("forge_account_id"), "");
  EXPECT_EQ(seen.header("authorization"), "");
  EXPECT_EQ(seen.header("x-forge-oauth-system"), "");
  EXPECT_EQ(seen.header("x-forge-oauth-user"), "");
  EXPECT_EQ(seen.header("x-hop"), "");
  EXPECT_EQ(seen.header("x-kept"), "yes");
}

struct Bad {
  const char* name;
  std::function<std::string(const Scene&)> token;
  const char* type;
};

class GatewayIngressRefuses : public ::testing::TestWithParam<Bad> {};

TEST_P(GatewayIngressRefuses, with_401_and_the_reason) {
  Scene scene;
  const auto answer = scene.invoke(GetParam().token(scene));
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_NE(answer.body.find(std::string("urn:tongs:problem:") + GetParam().type), std::string::npos)
      << answer.body;
  EXPECT_EQ(scene.backend.count(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Tokens, GatewayIngressRefuses,
    ::testing::Values(Bad{"none", [](const Scene&) { return std::string(); }, "token_malformed"},
                      Bad{"unsigned_one",
                          [](const Scene&) { return std::string("eyJhbGciOiJub25lIn0.e30."); },
                          "token_malformed"},
                      Bad{"expired",
                          [](const Scene& scene) {
                            auto fit = scene.fit();
                            fit.issued_at -= std::chrono::hours(1);
                            return scene.issuer.sign(fit);
                          },
                          "token_expired"},
                      Bad{"for_another_app",
                          [](const Scene& scene) {
                            auto fit = scene.fit();
                            fit.app_id = "ari:cloud:ecosystem::app/00000000-0000-0000-0000-000000000000";
                            return scene.issuer.sign(fit);
                          },
                          "audience_mismatch"},
                      Bad{"by_another_signer",
                          [](const Scene& scene) { return tongs::testing::TestIssuer().sign(scene.fit()); },
                          "key_unknown"}),
    [](const auto& test) { return test.param.name; });

TEST(GatewayIngress, answers_503_when_it_cannot_decide_and_200_once_it_can) {
  Scene scene;
  scene.keys_down = true;
  scene.issuer.rotate();
  const auto undecided = scene.invoke(scene.signed_fit());
  EXPECT_EQ(undecided.status, 503) << undecided.body;
  EXPECT_FALSE(undecided.header("retry-after").empty());
}

TEST(GatewayIngress, verifies_for_other_proxies) {
  Scene scene;
  const std::string url = "http://" + scene.gateway->addresses().ingress + "/_tongs/verify";
  const auto good = scene.get(url, {{"authorization", "Bearer " + scene.signed_fit(), true}});
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(good.header("Forge-Account-Id"), scene.fit().account_id);
  EXPECT_EQ(scene.get(url).status, 401);
  EXPECT_EQ(scene.backend.count(), 0U);
}

TEST(GatewayIngress, says_502_when_the_backend_is_down) {
  Scene scene;
  scene.backend.stop();
  const auto answer = scene.invoke(scene.signed_fit());
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
}

TEST(GatewayIngress, passes_the_backends_answer_on_as_it_is) {
  Scene scene("", [](const Seen&) {
    auto answer = net::Response::json(418, R"({"tea":true})");
    answer.headers.add("X-Backend", "yes").add("Connection", "x-secret").add("X-Secret", "hop");
    return answer;
  });
  const auto answer = scene.invoke(scene.signed_fit());
  EXPECT_EQ(answer.status, 418);
  EXPECT_EQ(answer.body, R"({"tea":true})");
  EXPECT_EQ(answer.header("x-backend"), "yes");
  EXPECT_EQ(answer.header("x-secret"), "");
}

}  // namespace
}  // namespace tongs::gateway::testing
