// Whatever is refused or fails has its status, a problem of a stable type, and one line in the log that says
// why.

#include "integration/gateway/platform.hpp"
#include "support/captured_log.hpp"
#include "support/loopback_server.hpp"
#include "support/wire.hpp"

namespace tongs::gateway::testing {
namespace {

using Environment = config::Environment;

struct Case {
  const char* name;
  int status;
  const char* type;
  std::string log;  ///< the line says it
  std::function<std::string(Scene&)> provoke;
  Environment environment = {};
  bool retry_after = false;
};

const std::string kHead = " HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n";

std::string bearer(const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; }

std::string good_get(const Scene& scene, const std::string& target = "/a") {
  return "GET " + target + kHead + bearer(scene.signed_fit()) + "\r\n";
}

std::string refused(const char* reason) {
  return std::string("a request was refused reason=") + reason + " ";
}
std::string failed(const char* why) {
  return "the backend did not answer reason=\"" + std::string(why) + "\" ";
}

/// Sends these bytes and no more.
std::function<std::string(Scene&)> say(const std::string& request) {
  return [request](Scene& scene) { return scene.raw(request); };
}

/// Sends the same with a good token in the middle.
std::function<std::string(Scene&)> say_verified(const std::string& head, const std::string& rest) {
  return [head, rest](Scene& scene) { return scene.raw(head + bearer(scene.signed_fit()) + rest); };
}

std::string ask_with(Scene& scene, const tongs::testing::TestFit& fit) {
  return scene.raw("GET /a" + kHead + bearer(scene.issuer.sign(fit)) + "\r\n");
}

/// Asks a backend that does this with each connection.
std::string ask_backend(Scene& scene, const test::LoopbackServer::Script& script) {
  const test::LoopbackServer backend(script);
  Config fresh = scene.config("");
  fresh.ingress.routes.push_back(
      Route::parse("/odd -> http://127.0.0.1:" + std::to_string(backend.port())).value());
  EXPECT_TRUE(scene.gateway->reload(std::move(fresh)));
  return scene.raw(good_get(scene, "/odd"));
}

class GatewayAnswers : public ::testing::TestWithParam<Case> {};

TEST_P(GatewayAnswers, with_status_problem_and_one_line_that_says_why) {
  const Case& expected = GetParam();
  test::CapturedLog log;
  Scene scene("", {}, expected.environment);
  const auto answer = test::wire::read_answer(expected.provoke(scene), false, true);
  const std::string lines = log.take();

  EXPECT_EQ(answer.status(), expected.status) << answer.raw;
  EXPECT_EQ(answer.field("content-type"), "application/problem+json");
  const std::string type = "{\"type\":\"urn:tongs:problem:" + std::string(expected.type) + "\",\"title\":\"";
  EXPECT_TRUE(answer.body.starts_with(type)) << answer.body;
  EXPECT_NE(answer.body.find("\"status\":" + std::to_string(expected.status) + ","), std::string::npos);
  EXPECT_EQ(answer.field("retry-after").has_value(), expected.retry_after);
  EXPECT_EQ(answer.field("www-authenticate").has_value(), expected.status == 401);

  const auto first = lines.find(expected.log);
  ASSERT_NE(first, std::string::npos) << lines;
  EXPECT_EQ(lines.find(expected.log, first + 1), std::string::npos) << "it is said twice";
}

INSTANTIATE_TEST_SUITE_P(
    Invalid, GatewayAnswers,
    ::testing::Values(Case{"no_token", 401, "token-malformed", refused("token_malformed"),
                           say("GET /a" + kHead + "\r\n")},
                      Case{"expired", 401, "token-expired", refused("token_expired"),
                           [](Scene& scene) {
                             auto fit = scene.fit();
                             fit.issued_at -= std::chrono::hours(1);
                             return ask_with(scene, fit);
                           }},
                      Case{"of_another_app", 401, "audience-mismatch", refused("audience_mismatch"),
                           [](Scene& scene) {
                             auto fit = scene.fit();
                             fit.app_id = "ari:cloud:ecosystem::app/00000000-0000-0000-0000-000000000000";
                             return ask_with(scene, fit);
                           }},
                      Case{"of_an_unknown_key", 401, "key-unknown", refused("key_unknown"),
                           [](Scene& scene) {
                             const std::string token = tongs::testing::TestIssuer().sign(scene.fit());
                             return scene.raw("GET /a" + kHead + bearer(token) + "\r\n");
                           }},
                      Case{"used_before", 401, "token-replayed", refused("token_replayed"),
                           [](Scene& scene) {
                             const std::string request = good_get(scene);
                             EXPECT_TRUE(scene.raw(request).starts_with("HTTP/1.1 200"));
                             return scene.raw(request);
                           },
                           Environment{{"TONGS_INGRESS_REFUSE_REPLAYS", "true"}}}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    NotAllowed, GatewayAnswers,
    ::testing::Values(Case{"from_there", 403, "source-not-allowed", refused("source_not_allowed"),
                           say("GET /a" + kHead + "\r\n"),
                           Environment{{"TONGS_INGRESS_ALLOW_FROM", "192.0.2.0/24"}}},
                      Case{"from_that_page", 403, "origin-not-allowed", refused("origin_not_allowed"),
                           say("OPTIONS /a" + kHead +
                               "Origin: https://b.test\r\nAccess-Control-Request-Method: PUT\r\n\r\n"),
                           Environment{{"TONGS_INGRESS_CORS_ORIGINS", "https://a.test"}}}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    NoGoodHttp, GatewayAnswers,
    ::testing::Values(Case{"nonsense", 400, "malformed-request", refused("malformed_request"),
                           say("nonsense\r\n\r\n")},
                      Case{"dot_segment", 400, "malformed-request", refused("malformed_request"),
                           say("GET /../a" + kHead + "\r\n")},
                      Case{"two_lengths", 400, "malformed-request", refused("malformed_request"),
                           say("POST /a" + kHead + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n")},
                      Case{"broken_chunk", 400, "malformed-request", refused("malformed_request"),
                           say_verified("POST /a" + kHead, "Transfer-Encoding: chunked\r\n\r\nxyz\r\n")},
                      Case{"slow_head", 408, "request-timeout", refused("request_timeout"), say("GET /a"),
                           Environment{{"TONGS_INGRESS_HEAD_TIME", "100ms"}}},
                      Case{"slow_body", 408, "request-timeout", refused("request_timeout"),
                           say_verified("POST /a" + kHead, "Content-Length: 9\r\n\r\nabc"),
                           Environment{{"TONGS_INGRESS_STALL_TIME", "100ms"}}},
                      Case{"long_body", 413, "content-too-large", refused("content_too_large"),
                           say("POST /a" + kHead + "Content-Length: 99\r\n\r\n"),
                           Environment{{"TONGS_INGRESS_BODY_BYTES", "10"}}},
                      Case{"long_body_of_chunks", 413, "content-too-large", refused("content_too_large"),
                           say_verified("POST /a" + kHead, "Transfer-Encoding: chunked\r\n\r\n63\r\n" +
                                                               std::string(99, 'x') + "\r\n"),
                           Environment{{"TONGS_INGRESS_BODY_BYTES", "10"}}},
                      Case{"long_head", 431, "head-too-large", refused("head_too_large"),
                           say("GET /" + std::string(40000, 'a'))},
                      Case{"method", 501, "method-not-implemented", refused("method_not_implemented"),
                           say("TRACE /a" + kHead + "\r\n")},
                      Case{"coding", 501, "coding-not-implemented", refused("coding_not_implemented"),
                           say("POST /a" + kHead + "Transfer-Encoding: gzip\r\n\r\n")},
                      Case{"version", 505, "version-not-supported", refused("version_not_supported"),
                           say("GET /a HTTP/3.0\r\n\r\n")}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Backend, GatewayAnswers,
    ::testing::Values(Case{"is_not_there", 502, "backend-unreachable", failed("cannot connect to the peer"),
                           [](Scene& scene) {
                             scene.backend.stop();
                             return scene.raw(good_get(scene));
                           }},
                      Case{"is_down_and_spared", 502, "backend-down",
                           "a backend takes no connections: it is only tried now and then ",
                           [](Scene& scene) {
                             scene.backend.stop();
                             std::string answer;
                             do {
                               answer = scene.raw(good_get(scene));
                             } while (answer.find("backend-down") == std::string::npos);
                             return answer;
                           },
                           Environment{{"TONGS_INGRESS_BACKEND_FAILURES", "1"}}, true},
                      Case{"leaves", 502, "backend-unreachable",
                           failed("the peer closed the connection before its answer was complete"),
                           [](Scene& scene) {
                             return ask_backend(
                                 scene, [](test::Connection& connection) { (void)connection.read_head(); });
                           }},
                      Case{"talks_nonsense", 502, "backend-unreachable",
                           failed("the peer's answer is not acceptable HTTP"),
                           [](Scene& scene) {
                             return ask_backend(scene, [](test::Connection& connection) {
                               (void)connection.read_head();
                               connection.write("what?\r\n\r\n");
                             });
                           }},
                      Case{"is_silent", 504, "backend-timeout", failed("the peer did not answer in time"),
                           [](Scene& scene) {
                             return ask_backend(scene, [](test::Connection& connection) {
                               (void)connection.read_head();
                               (void)connection.read_head();  // which never comes: the gateway leaves
                             });
                           },
                           Environment{{"TONGS_INGRESS_BACKEND_TIMEOUT", "100ms"}}}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(Undecided, GatewayAnswers,
                         ::testing::Values(Case{"without_keys",
                                                503,
                                                "keys-unavailable",
                                                refused("keys_unavailable"),
                                                [](Scene& scene) {
                                                  scene.keys_down = true;
                                                  scene.issuer.rotate();
                                                  return scene.raw(good_get(scene));
                                                },
                                                {},
                                                true}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace tongs::gateway::testing
