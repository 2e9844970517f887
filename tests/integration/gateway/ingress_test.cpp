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
    ::testing::Values(Bad{"none", [](const Scene&) { return std::string(); }, "token-malformed"},
                      Bad{"unsigned_one",
                          [](const Scene&) { return std::string("eyJhbGciOiJub25lIn0.e30."); },
                          "algorithm-not-allowed"},
                      Bad{"expired",
                          [](const Scene& scene) {
                            auto fit = scene.fit();
                            fit.issued_at -= std::chrono::hours(1);
                            return scene.issuer.sign(fit);
                          },
                          "token-expired"},
                      Bad{"for_another_app",
                          [](const Scene& scene) {
                            auto fit = scene.fit();
                            fit.app_id = "ari:cloud:ecosystem::app/00000000-0000-0000-0000-000000000000";
                            return scene.issuer.sign(fit);
                          },
                          "audience-mismatch"},
                      Bad{"by_another_signer",
                          [](const Scene& scene) { return tongs::testing::TestIssuer().sign(scene.fit()); },
                          "key-unknown"}),
    [](const auto& test) { return test.param.name; });

TEST(GatewayIngress, answers_503_when_it_cannot_decide_and_200_once_it_can) {
  Scene scene;
  scene.keys_down = true;
  scene.issuer.rotate();
  const auto undecided = scene.invoke(scene.signed_fit());
  EXPECT_EQ(undecided.status, 503) << undecided.body;
  EXPECT_FALSE(undecided.header("retry-after").empty());
}

TEST(GatewayIngress, keeps_its_names_from_trailers_and_from_connection_options_too) {
  Scene scene;
  const std::string head = "POST /a HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " +
                           scene.signed_event() +
                           "\r\nConnection: close, host, authorization, forge-account-id\r\n"
                           "X_Forge_OAuth_System: evil\r\nForge-Proxy-Authorization: evil\r\n"
                           "Proxy-Authorization: evil\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string body =
      "2\r\nhi\r\n0\r\nForge-Account-Id: admin\r\nX-Forge-OAuth-System: evil\r\nCookie: a\r\n\r\n";
  ASSERT_TRUE(scene.raw(head + body).starts_with("HTTP/1.1 200"));
  const Seen seen = scene.backend.seen().front();
  EXPECT_EQ(seen.header("host"), "gateway");
  EXPECT_EQ(seen.body, "hi");
  for (const auto& [name, value] : seen.headers) {
    EXPECT_EQ(value.find("evil"), std::string::npos) << name;
    EXPECT_NE(value, "admin") << name;
  }
  EXPECT_EQ(seen.header("forge-installation-id"), scene.fit().installation_id);
}

TEST(GatewayIngress, names_everybody_that_a_request_came_through) {
  Scene scene;
  scene.raw(
      "GET /a HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nAuthorization: Bearer " + scene.signed_fit() +
      "\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\nForwarded: for=192.0.2.1\r\n\r\n");
  const Seen seen = scene.backend.wait_for(1).front();
  EXPECT_EQ(seen.header("x-forwarded-for"), "192.0.2.1, 192.0.2.2, 127.0.0.1");
  EXPECT_EQ(seen.header("forwarded"), "for=192.0.2.1, for=127.0.0.1;proto=http");
}

TEST(GatewayIngress, verifies_a_token_once_and_still_counts_its_time) {
  Scene scene;
  auto fit = scene.fit();
  const std::string token = scene.issuer.sign(fit);
  EXPECT_EQ(scene.invoke(token).status, 200);
  EXPECT_EQ(scene.invoke(token).status, 200);
  std::string damaged = token;
  damaged[damaged.size() / 2] ^= 1;
  EXPECT_EQ(scene.invoke(damaged).status, 401);
  EXPECT_EQ(scene.invoke(token).status, 200);
}

TEST(GatewayIngress, shows_what_it_goes_by_in_its_metrics) {
  Scene scene;
  ASSERT_EQ(scene.invoke(scene.signed_fit()).status, 200);
  const std::string text = scene.get("http://" + scene.gateway->addresses().admin + "/metrics").body;
  for (const std::string line :
       {"tongs_ingress_accepted_total 1\n", "tongs_jwks_keys 1\n", "tongs_jwks_usable 1\n",
        "tongs_vault_installations 1\n", "tongs_vault_failing 0\n", "process_resident_memory_bytes "}) {
    EXPECT_NE(text.find("\n" + line), std::string::npos) << line << text;
  }
}

/// What the metrics say of the reason why something was refused; -1: it does not stand there.
int refusals(const Scene& scene, const std::string& reason) {
  const std::string text = scene.get("http://" + scene.gateway->addresses().admin + "/metrics").body;
  const std::string series = "\ntongs_ingress_refused_total{reason=\"" + reason + "\"} ";
  const auto at = text.find(series);
  return at == std::string::npos ? -1 : std::stoi(text.substr(at + series.size()));
}

struct Objectionable {
  const char* reason;
  const char* status;
  std::string request;
  config::Environment environment = {};
};

class GatewayIngressObjects : public ::testing::TestWithParam<Objectionable> {};

TEST_P(GatewayIngressObjects, with_a_status_and_counts_it) {
  Scene scene("", {}, GetParam().environment);
  EXPECT_EQ(refusals(scene, GetParam().reason), 0);
  const auto answer = scene.raw(GetParam().request);
  EXPECT_TRUE(answer.starts_with(std::string("HTTP/1.1 ") + GetParam().status)) << answer;
  EXPECT_EQ(refusals(scene, GetParam().reason), 1);
  EXPECT_EQ(scene.backend.count(), 0U);
}

const std::string kRest = " HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n";

INSTANTIATE_TEST_SUITE_P(
    Requests, GatewayIngressObjects,
    ::testing::Values(
        Objectionable{"source_not_allowed",
                      "403",
                      "GET /a" + kRest + "\r\n",
                      {{"TONGS_INGRESS_ALLOW_FROM", "192.0.2.0/24"}}},
        Objectionable{
            "origin_not_allowed",
            "403",
            "OPTIONS /a" + kRest + "Origin: https://b.test\r\nAccess-Control-Request-Method: PUT\r\n\r\n",
            {{"TONGS_INGRESS_CORS_ORIGINS", "https://a.test"}}},
        Objectionable{"malformed_request", "400", "GET /a/../b" + kRest + "\r\n"},
        Objectionable{"malformed_request", "400", "GET /a#b" + kRest + "\r\n"},
        Objectionable{"malformed_request", "400", "nonsense\r\n\r\n"},
        Objectionable{"method_not_implemented", "501", "TRACE /a" + kRest + "\r\n"},
        Objectionable{"coding_not_implemented", "501", "POST /a" + kRest + "Transfer-Encoding: gzip\r\n\r\n"},
        Objectionable{"version_not_supported", "505", "GET /a HTTP/3.0\r\n\r\n"},
        Objectionable{"content_too_large", "413", "POST /a" + kRest + "Content-Length: 99999999999\r\n\r\n"},
        Objectionable{"head_too_large", "431", "GET /" + std::string(40000, 'a')},
        Objectionable{"request_timeout", "408", "GET /a", {{"TONGS_INGRESS_HEAD_TIME", "100ms"}}}),
    [](const auto& test) { return test.param.reason + std::string("_") + std::to_string(test.index); });

TEST(GatewayIngress, counts_no_reason_that_there_cannot_be) {
  Scene scene;
  for (const auto* reason : {"conflict", "not_found", "rate_limited", "storage_failed", "cancelled"}) {
    EXPECT_EQ(refusals(scene, reason), -1) << reason;
  }
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

TEST(GatewayIngress, takes_paths_without_dot_segments_only) {
  Scene scene;
  for (const std::string target : {"/../admin", "/a/./b", "/a/%2e%2e/b"}) {
    const auto answer = scene.raw("GET " + target +
                                  " HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n"
                                  "Authorization: Bearer " +
                                  scene.signed_fit() + "\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << target << answer;
  }
  EXPECT_EQ(scene.backend.count(), 0U);
}

TEST(GatewayIngress, says_what_it_can_without_a_token_or_its_backend) {
  Scene scene;
  const std::string ask = "OPTIONS * HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n";
  const auto answer = scene.raw(ask);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 204")) << answer;
  EXPECT_NE(answer.find("\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"), std::string::npos);
  EXPECT_EQ(scene.backend.count(), 0U);

  const Scene elsewhere("", {}, {{"TONGS_INGRESS_ALLOW_FROM", "192.0.2.0/24"}});
  EXPECT_TRUE(elsewhere.raw(ask).starts_with("HTTP/1.1 403"));
}

/// Makes a scene go by a changed configuration.
template <class Change>
void reconfigure(Scene& scene, Change change) {
  Config fresh = scene.config("");
  change(fresh);
  ASSERT_TRUE(scene.gateway->reload(std::move(fresh)));
}

TEST(GatewayIngress, refuses_a_replay_if_told_to) {
  Scene scene;
  reconfigure(scene, [](Config& config) { config.ingress.refuse_replays = true; });
  const std::string token = scene.signed_fit();
  EXPECT_EQ(scene.invoke(token).status, 200);
  const auto again = scene.invoke(token);
  EXPECT_EQ(again.status, 401);
  EXPECT_NE(again.body.find("token-replayed"), std::string::npos) << again.body;
  auto other = scene.fit();
  other.jti = "another";
  EXPECT_EQ(scene.invoke(scene.issuer.sign(other)).status, 200);
  other.jti.clear();
  EXPECT_EQ(scene.invoke(scene.issuer.sign(other)).status, 401);
}

TEST(GatewayIngress, refuses_addresses_that_may_not_call_with_403) {
  Scene scene;
  reconfigure(scene, [](Config& config) { config.ingress.allow_from.add("192.0.2.0/24").value(); });
  EXPECT_EQ(scene.invoke(scene.signed_fit()).status, 403);
  reconfigure(scene, [](Config& config) { config.ingress.allow_from.add("127.0.0.0/8").value(); });
  EXPECT_EQ(scene.invoke(scene.signed_fit()).status, 200);
}

TEST(GatewayIngress, lets_pages_call_that_it_knows) {
  Scene scene("", [](const Seen&) {
    auto answer = net::Response::text(200, "hello");
    answer.headers.add("Access-Control-Allow-Origin", "*");
    answer.headers.add("Access-Control-Expose-Headers", "x-total");
    return answer;
  });
  reconfigure(scene, [](Config& config) { config.ingress.cors_origins = {"https://app.example.com"}; });
  const auto preflight = scene.raw(
      "OPTIONS /a HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n"
      "Origin: https://app.example.com\r\nAccess-Control-Request-Method: PUT\r\n\r\n");
  EXPECT_TRUE(preflight.starts_with("HTTP/1.1 204")) << preflight;
  EXPECT_TRUE(
      preflight.ends_with(" GMT\r\n"
                          "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE\r\n"
                          "Access-Control-Max-Age: 600\r\nVary: Origin\r\n"
                          "Access-Control-Allow-Origin: https://app.example.com\r\n"
                          "Connection: close\r\n\r\n"))
      << preflight << "a browser wants each of them once";
  const auto answer = scene.invoke(scene.signed_fit(), {{"origin", "https://app.example.com"}});
  EXPECT_EQ(answer.header("access-control-allow-origin"), "https://app.example.com");
  EXPECT_EQ(answer.header("access-control-expose-headers"), "x-total");
  const auto refused = scene.invoke("", {{"origin", "https://app.example.com"}});
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("access-control-allow-origin"), "https://app.example.com");
  EXPECT_EQ(scene.invoke(scene.signed_fit(), {{"origin", "https://evil.example"}})
                .header("access-control-allow-origin"),
            "");
}

TEST(GatewayIngress, reloads_what_it_goes_by) {
  Scene scene;
  Witness other([](const Seen&) { return net::Response::text(200, "the other backend"); });
  reconfigure(scene, [&](Config& config) {
    config.ingress.routes.push_back(Route::parse("/other -> " + other.url()).value());
  });
  EXPECT_EQ(scene.invoke(scene.signed_fit(), {}, "/other/x").body, "the other backend");
  EXPECT_EQ(scene.invoke(scene.signed_fit(), {}, "/panel").body, "hello from the backend");

  const std::string token = scene.signed_fit();
  EXPECT_EQ(scene.invoke(token).status, 200);
  reconfigure(scene, [](Config& config) {
    config.apps = {AppId::parse("ari:cloud:ecosystem::app/00000000-0000-4000-8000-000000000001").value()};
  });
  EXPECT_EQ(scene.invoke(token).status, 401) << "what was verified under the old rules does not count";
}

}  // namespace
}  // namespace tongs::gateway::testing
