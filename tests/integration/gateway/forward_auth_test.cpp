#include "integration/gateway/platform.hpp"
#include "support/replaced.hpp"

namespace tongs::gateway::testing {
namespace {

/// A scene in which another proxy asks, and passes requests on itself: the backend here must see none.
class GatewayForwardAuth : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(scene.backend.count(), 0U); }

  /// A request with a good token, but for what `lines` say.
  std::string request(const std::string& method, const std::string& target,
                      const std::string& lines = {}) const {
    return method + " " + target + " HTTP/1.1\r\nHost: app.example.com\r\nAuthorization: Bearer " +
           scene.signed_fit() + "\r\n" + lines + "\r\n";
  }
  std::string last(const std::string& request) const {
    return scene.raw(replaced(request, "\r\nHost:", "\r\nConnection: close\r\nHost:"));
  }

  Scene scene;
};

TEST_F(GatewayForwardAuth, says_what_is_proved) {
  const std::string url = "http://" + scene.gateway->addresses().ingress + "/_tongs/verify";
  const auto good = scene.get(url, {{"authorization", "Bearer " + scene.signed_fit(), true}});
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(good.header("Forge-Account-Id"), scene.fit().account_id);
  EXPECT_EQ(scene.get(url).status, 401);
}

TEST_F(GatewayForwardAuth, is_asked_with_any_method_and_the_original_path) {
  for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"}) {
    for (const std::string target :
         {"/_tongs/verify", "/_tongs/verify?a=b", "/_tongs/verify/", "/_tongs/verify/panel/x?a=/b"}) {
      const std::string answer = last(request(method, target));
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << method << target << answer;
      EXPECT_NE(answer.find("\r\nForge-Account-Id: " + scene.fit().account_id), std::string::npos) << answer;
      EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << "no body: " << answer;
    }
  }
}

TEST_F(GatewayForwardAuth, lets_no_preflight_pass_for_a_verdict) {
  Config config = scene.config("");
  config.ingress.cors_origins = {"https://app.example.com"};
  ASSERT_TRUE(scene.gateway->reload(std::move(config)));
  const std::string preflight =
      "OPTIONS /_tongs/verify/a HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n"
      "Origin: https://app.example.com\r\nAccess-Control-Request-Method: PUT\r\n\r\n";
  EXPECT_TRUE(scene.raw(preflight).starts_with("HTTP/1.1 401 ")) << scene.raw(preflight);
}

TEST_F(GatewayForwardAuth, reads_no_body_and_ends_the_connection_of_one_that_was_announced) {
  for (const std::string announced : {"Content-Length: 40\r\n", "Transfer-Encoding: chunked\r\n"}) {
    net::testing::RawPeer proxy(scene.ingress_port());
    proxy.say(request("POST", "/_tongs/verify", announced));
    EXPECT_TRUE(proxy.hear_until("\r\n\r\n").find("\r\nConnection: close\r\n") != std::string::npos)
        << "or the next request would be taken for the body that never came";
  }
}

TEST_F(GatewayForwardAuth, keeps_connections_without_bodies) {
  net::testing::RawPeer proxy(scene.ingress_port());
  for (const std::string none : {"", "Content-Length: 0\r\n"}) {
    proxy.say(request("POST", "/_tongs/verify", none));
    EXPECT_EQ(proxy.hear_until("\r\n\r\n").find("Connection: close"), std::string::npos);
  }
}

TEST(GatewayIngress, takes_no_neighbour_of_the_verifying_path_for_it) {
  Scene scene;
  for (const std::string path : {"/_tongs/verifying", "/_tongs", "/_tongs/verify%2f", "/a/_tongs/verify"}) {
    EXPECT_EQ(scene.invoke(scene.signed_fit(), {}, path).body, "hello from the backend") << path;
  }
}

}  // namespace
}  // namespace tongs::gateway::testing
