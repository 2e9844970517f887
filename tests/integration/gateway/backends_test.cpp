// What becomes of a backend that takes no connections, and what the metrics say of each.

#include "integration/gateway/platform.hpp"
#include "support/loopback.hpp"
#include "support/loopback_server.hpp"

namespace tongs::gateway::testing {
namespace {

/// The value of a metric of the backend at `url`; `more`: its further labels. Empty: it is not there.
std::string metric(const Scene& scene, const std::string& name, const std::string& url,
                   const std::string& more = {}) {
  const std::string text = scene.get("http://" + scene.gateway->addresses().admin + "/metrics").body;
  const std::string series = "\n" + name + "{backend=\"" + url + "\"" + more + "} ";
  const auto at = text.find(series);
  if (at == std::string::npos) return {};
  const auto value = at + series.size();
  return text.substr(value, text.find('\n', value) - value);
}

/// Asks until the answer is such a one, or far too often.
template <class Wanted>
HttpResponse ask_until(const Scene& scene, Wanted wanted) {
  const auto far_too_late = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  HttpResponse answer;
  do {
    answer = scene.invoke(scene.signed_fit());
  } while (!wanted(answer) && std::chrono::steady_clock::now() < far_too_late);
  return answer;
}

bool says_down(const HttpResponse& answer) {
  return answer.body.find("urn:tongs:problem:backend-down") != std::string::npos;
}

net::Task<> answer_hello(net::Exchange& exchange) {
  (void)co_await exchange.respond(net::Response::text(200, "hello again"));
}

TEST(GatewayBackends, leaves_one_alone_that_takes_no_connections_and_finds_it_again) {
  Scene scene("", {}, {{"TONGS_INGRESS_BACKEND_FAILURES", "2"}});
  const std::string url = scene.backend.url();
  ASSERT_EQ(scene.invoke(scene.signed_fit()).status, 200);
  EXPECT_EQ(metric(scene, "tongs_ingress_backend_up", url), "1");

  scene.backend.stop();
  const auto first = scene.invoke(scene.signed_fit());
  EXPECT_EQ(first.status, 502);
  EXPECT_FALSE(says_down(first)) << "one failure is forgiven";
  EXPECT_EQ(metric(scene, "tongs_ingress_backend_up", url), "1");

  const auto spared = ask_until(scene, says_down);
  EXPECT_EQ(spared.status, 502);
  EXPECT_EQ(spared.header("content-type"), "application/problem+json");
  EXPECT_GE(std::stoi("0" + std::string(spared.header("retry-after"))), 1);
  EXPECT_EQ(metric(scene, "tongs_ingress_backend_up", url), "0");
  EXPECT_GE(std::stoi(metric(scene, "tongs_ingress_backend_connect_failures_total", url)), 2);
  EXPECT_GE(std::stoi(metric(scene, "tongs_ingress_backend_spared_total", url)), 1);

  const net::testing::RunningServer back(answer_hello, {}, url.substr(std::string("http://").size()));
  EXPECT_EQ(ask_until(scene, [](const auto& answer) { return answer.status == 200; }).body, "hello again");
  EXPECT_EQ(metric(scene, "tongs_ingress_backend_up", url), "1");
}

TEST(GatewayBackends, asks_one_always_if_told_so) {
  Scene scene("", {}, {{"TONGS_INGRESS_BACKEND_FAILURES", "0"}});
  scene.backend.stop();
  for (int i = 0; i < 10; ++i) {
    const auto answer = scene.invoke(scene.signed_fit());
    EXPECT_EQ(answer.status, 502);
    EXPECT_FALSE(says_down(answer));
  }
}

TEST(GatewayBackends, does_not_let_one_pay_for_another) {
  Scene scene("", {}, {{"TONGS_INGRESS_BACKEND_FAILURES", "1"}});
  const Witness other;
  Config fresh = scene.config("");
  fresh.ingress.routes.push_back(Route::parse("/other -> " + other.url()).value());
  ASSERT_TRUE(scene.gateway->reload(std::move(fresh)));
  scene.backend.stop();
  EXPECT_TRUE(says_down(ask_until(scene, says_down)));
  EXPECT_EQ(scene.invoke(scene.signed_fit(), {}, "/other").status, 200);
  EXPECT_EQ(metric(scene, "tongs_ingress_backend_up", other.url()), "1");
}

TEST(GatewayBackends, counts_connections_and_answers) {
  Scene scene("", [](const Seen& request) {
    return net::Response::text(request.target == "/missing" ? 404 : 200, "hello");
  });
  const std::string url = scene.backend.url();
  EXPECT_EQ(metric(scene, "tongs_ingress_backend_connections", url), "0");
  ASSERT_EQ(scene.invoke(scene.signed_fit()).status, 200);
  ASSERT_EQ(scene.invoke(scene.signed_fit(), {}, "/missing").status, 404);
  EXPECT_EQ(metric(scene, "tongs_ingress_backend_answers_total", url, ",class=\"2xx\""), "1");
  EXPECT_EQ(metric(scene, "tongs_ingress_backend_answers_total", url, ",class=\"4xx\""), "1");
  EXPECT_EQ(metric(scene, "tongs_ingress_backend_timeouts_total", url), "0");
  EXPECT_NE(metric(scene, "tongs_ingress_backend_connections", url), "0");
}

TEST(GatewayBackends, counts_what_was_not_answered_in_time) {
  Scene scene("", {}, {{"TONGS_INGRESS_BACKEND_TIMEOUT", "100ms"}});
  const test::LoopbackServer silent([](test::Connection& connection) {
    (void)connection.read_head();
    (void)connection.read_head();  // which never comes: the gateway leaves
  });
  const std::string url = "http://127.0.0.1:" + std::to_string(silent.port());
  Config fresh = scene.config("");
  fresh.ingress.routes.push_back(Route::parse("/silent -> " + url).value());
  ASSERT_TRUE(scene.gateway->reload(std::move(fresh)));
  EXPECT_EQ(scene.invoke(scene.signed_fit(), {}, "/silent").status, 504);
  EXPECT_EQ(metric(scene, "tongs_ingress_backend_timeouts_total", url), "1");
  EXPECT_EQ(metric(scene, "tongs_ingress_backend_up", url), "1") << "slow is not down";
}

}  // namespace
}  // namespace tongs::gateway::testing
