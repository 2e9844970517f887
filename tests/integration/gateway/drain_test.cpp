#include <future>

#include "integration/gateway/platform.hpp"
#include "support/loopback_server.hpp"

namespace tongs::gateway::testing {
namespace {

/// Something that waits until the test lets it go on.
class Gate {
 public:
  void pass() {
    arrived_.set_value();
    opened_.get_future().get();
  }
  void wait_for_arrival() { arrived_.get_future().get(); }
  void open() { opened_.set_value(); }

 private:
  std::promise<void> arrived_, opened_;
};

std::string as_app(const Scene& scene) { return "Forge as=app,installationId=" + scene.installation; }

HttpResponse readiness(const Scene& scene) {
  return scene.get("http://" + scene.gateway->addresses().admin + "/readyz");
}

/// Begins to drain, and ends when the gateway says that it is done.
std::future<void> drain(const Scene& scene) {
  auto done = std::make_shared<std::promise<void>>();
  auto drained = done->get_future();
  scene.gateway->drain([done] { done->set_value(); });
  return drained;
}

TEST(GatewayDrain, lets_calls_to_atlassian_come_to_their_end) {
  Gate gate;
  test::LoopbackServer product([&](test::Connection& connection) {
    connection.read_head();
    gate.pass();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
  });
  Scene scene;
  scene.product = product.url("");
  scene.push_system_token("system-1");
  auto caller = std::async(std::launch::async, [&] { return scene.egress("/jira/x", as_app(scene)); });
  gate.wait_for_arrival();
  auto drained = drain(scene);
  EXPECT_EQ(readiness(scene).status, 503) << "the admin listener stays to the last";
  EXPECT_EQ(drained.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  gate.open();
  EXPECT_EQ(caller.get().body, "late");
  drained.get();
}

TEST(GatewayDrain, does_not_wait_longer_than_it_may) {
  Gate gate;
  test::LoopbackServer product([&](test::Connection& connection) {
    connection.read_head();
    gate.pass();
  });
  Scene scene({}, {}, {{"TONGS_INGRESS_DRAIN_TIME", "10ms"}});
  scene.product = product.url("");
  scene.push_system_token("system-1");
  auto caller = std::async(std::launch::async, [&] { return scene.egress("/jira/x", as_app(scene)); });
  gate.wait_for_arrival();
  drain(scene).get();
  gate.open();
  EXPECT_EQ(caller.get().status, 502) << "the product left without an answer";
}

TEST(GatewayDrain, does_not_wait_for_connections_that_only_rest) {
  Scene scene;
  scene.push_system_token("system-1");
  ASSERT_EQ(scene.egress("/jira/x", as_app(scene)).status, 200);  // its connection is kept
  drain(scene).get();
}

TEST(GatewayDrain, is_not_ready_while_the_last_invocations_are_answered) {
  Gate gate;
  Scene scene({}, [&](const Seen&) {
    gate.pass();
    return net::Response::text(200, "late");
  });
  auto caller = std::async(std::launch::async, [&] { return scene.invoke(scene.signed_fit()); });
  gate.wait_for_arrival();
  EXPECT_EQ(readiness(scene).status, 200);
  auto drained = drain(scene);
  const auto answer = readiness(scene);
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.body.find(R"({"name":"accepting","ready":false)"), std::string::npos) << answer.body;
  gate.open();
  EXPECT_EQ(caller.get().body, "late");
  drained.get();
}

}  // namespace
}  // namespace tongs::gateway::testing
