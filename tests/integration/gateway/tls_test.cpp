#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>

#include "common/net/tls_stream.hpp"
#include "integration/gateway/platform.hpp"
#include "support/files.hpp"
#include "support/proxy_header.hpp"
#include "support/scratch_folder.hpp"
#include "support/tls_peer.hpp"

namespace tongs::gateway::testing {
namespace {

namespace asio = boost::asio;
using test::Identity;
using test::TlsPeer;

/// A gateway whose certificate a test can change, and who may come through a proxy.
class GatewayTls : public ::testing::Test {
 protected:
  GatewayTls() { show(identity); }

  void show(const Identity& shown) const { show(shown, shown.key_pem()); }
  void show(const Identity& shown, const std::string& key) const {
    folder.write("certificate.pem", shown.certificate_pem());
    folder.write("key.pem", key);
  }
  config::Environment environment(config::Environment more = {}) const {
    more["TONGS_INGRESS_TLS_CERTIFICATE"] = folder.path() / "certificate.pem";
    more["TONGS_INGRESS_TLS_KEY"] = folder.path() / "key.pem";
    return more;
  }
  /// What SIGHUP does: the same file again.
  static Result<void> reload(Scene& scene) { return scene.gateway->reload(scene.config("")); }

  static std::string request(const Scene& scene, const std::string& more = {}) {
    return "GET /a HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + scene.signed_fit() + "\r\n" + more +
           "\r\n";
  }
  static std::string last_request(const Scene& scene) { return request(scene, "Connection: close\r\n"); }

  /// The line of the metrics that begins so; empty if there is none.
  static std::string metric(const Scene& scene, const std::string& name) {
    const std::string text = scene.get("http://" + scene.gateway->addresses().admin + "/metrics").body;
    const auto at = text.find("\n" + name);
    return at == std::string::npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
  }
  static void wait_for_metric(const Scene& scene, const std::string& line) {
    while (metric(scene, line).empty()) std::this_thread::yield();
  }

  const Identity identity{{.common_name = "first"}};
  const test::ScratchFolder folder;
};

TEST_F(GatewayTls, serves_invocations_and_tells_the_backend) {
  Scene scene("", {}, environment());
  EXPECT_TRUE(scene.gateway->addresses().ingress_tls);
  TlsPeer peer(scene.ingress_port(), {.protocols = "\x08http/1.1", .authority = &identity});
  ASSERT_TRUE(peer.shaken()) << peer.why();
  EXPECT_EQ(peer.protocol(), "http/1.1");
  EXPECT_TRUE(peer.say(last_request(scene)).hear_all().ends_with("hello from the backend"));
  EXPECT_TRUE(peer.ended_well());
  const Seen seen = scene.backend.seen().front();
  EXPECT_EQ(seen.header("x-forwarded-proto"), "https");
  EXPECT_EQ(seen.header("forwarded"), "for=127.0.0.1;proto=https");
}

TEST_F(GatewayTls, is_reached_by_the_client_of_the_product) {
  Scene scene("", {}, environment());
  net::Reactor reactor;
  net::Client client(reactor, {}, {.tls = net::verifying_tls(folder.path() / "certificate.pem").value()});
  const std::string lines = "Host: gateway\r\nAuthorization: Bearer " + scene.signed_fit() + "\r\n";
  const net::RequestText text{
      .method = "POST", .target = "/a", .header_lines = lines, .length = 2, .replayable = false};
  const net::Destination to{.tls = true, .host = "127.0.0.1", .port = scene.ingress_port(), .unix_path = {}};
  auto fetch = [&]() -> net::Task<int> {
    auto call = co_await client.send(to, text, "{}", net::Steady::now() + std::chrono::seconds(10));
    if (!call) co_return 0;
    co_return call->head().status;
  };
  EXPECT_EQ(net::testing::run(reactor, fetch()), 200);
}

TEST_F(GatewayTls, takes_a_new_certificate_and_drops_no_connection) {
  Scene scene("", {}, environment());
  TlsPeer resting(scene.ingress_port()), busy(scene.ingress_port());
  EXPECT_FALSE(resting.say(request(scene)).hear_until("hello from the backend").empty());
  const std::string bytes = last_request(scene);
  busy.say(bytes.substr(0, bytes.size() / 2));
  const std::string before = metric(scene, "tongs_ingress_certificate_expires_seconds ");
  ASSERT_NE(before, "");

  show(Identity({.common_name = "second", .seconds = 7200}));
  ASSERT_TRUE(reload(scene));
  EXPECT_EQ(TlsPeer(scene.ingress_port()).server_name(), "second");
  EXPECT_NE(metric(scene, "tongs_ingress_certificate_expires_seconds "), before);
  EXPECT_EQ(busy.server_name(), "first");
  EXPECT_TRUE(busy.say(bytes.substr(bytes.size() / 2)).hear_all().ends_with("hello from the backend"));
  EXPECT_TRUE(resting.say(last_request(scene)).hear_all().ends_with("hello from the backend"));
  EXPECT_EQ(metric(scene, "tongs_ingress_connections_refused_total{reason=\"tls_handshake\"}").back(), '0');
}

TEST_F(GatewayTls, keeps_everything_when_the_new_certificate_cannot_be_used) {
  Scene scene("", {}, environment());
  const Identity second({.common_name = "second"});
  const auto stays = [&](const std::string& file, const std::string& why) {
    auto fresh = scene.config("");
    fresh.apps = {AppId::parse("ari:cloud:ecosystem::app/00000000-0000-4000-8000-000000000001").value()};
    const auto reloaded = scene.gateway->reload(std::move(fresh));
    ASSERT_FALSE(reloaded) << why;
    const std::string said = reloaded.error().describe();
    EXPECT_NE(said.find(folder.path() / file), std::string::npos) << said;
    EXPECT_NE(said.find(why), std::string::npos) << said;
    TlsPeer peer(scene.ingress_port());
    EXPECT_EQ(peer.server_name(), "first");
    EXPECT_TRUE(peer.say(last_request(scene)).hear_all().starts_with("HTTP/1.1 200")) << "the app stays too";
  };
  show(second, identity.key_pem());
  stays("key.pem", "belongs to another certificate");
  show(second, second.key_pem("password"));
  stays("key.pem", "encrypted");
  folder.write("certificate.pem", "nothing");
  stays("certificate.pem", "no certificate");
  show(second);
  std::filesystem::remove(folder.path() / "key.pem");
  stays("key.pem", "not there");
  show(second);
  ASSERT_TRUE(reload(scene));
  EXPECT_EQ(TlsPeer(scene.ingress_port()).server_name(), "second");
}

TEST_F(GatewayTls, can_be_switched_on_and_off_while_it_runs) {
  Scene scene;
  EXPECT_EQ(metric(scene, "tongs_ingress_certificate"), "");
  Config with_tls = scene.config("");
  with_tls.ingress.tls = TlsFiles{folder.path() / "certificate.pem", folder.path() / "key.pem"};
  ASSERT_TRUE(scene.gateway->reload(std::move(with_tls)));
  EXPECT_TRUE(TlsPeer(scene.ingress_port()).say(last_request(scene)).hear_all().starts_with("HTTP/1.1 200"));
  EXPECT_NE(metric(scene, "tongs_ingress_certificate_expires_seconds 1"), "");
  ASSERT_TRUE(reload(scene));
  EXPECT_TRUE(scene.raw(last_request(scene)).starts_with("HTTP/1.1 200"));
  EXPECT_EQ(metric(scene, "tongs_ingress_certificate_expires_seconds "),
            "tongs_ingress_certificate_expires_seconds Nan");
}

TEST_F(GatewayTls, counts_who_does_not_speak_tls) {
  Scene scene("", {}, environment());
  const std::string answer = scene.raw(last_request(scene));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
  scene.raw("SSH-2.0-scanner\r\n");
  wait_for_metric(scene, "tongs_ingress_connections_refused_total{reason=\"tls_handshake\"} 2");
  EXPECT_EQ(scene.backend.count(), 0U);
}

TEST_F(GatewayTls, cuts_a_slow_handshake) {
  Scene scene("", {}, environment({{"TONGS_INGRESS_HEAD_TIME", "100ms"}}));
  EXPECT_EQ(scene.raw("\x16\x03\x01"), "");
  wait_for_metric(scene, "tongs_ingress_connections_refused_total{reason=\"tls_handshake\"} 1");
}

TEST_F(GatewayTls, believes_its_proxies_with_tls_and_without) {
  const config::Environment proxied{{"TONGS_INGRESS_PROXY_PROTOCOL", "127.0.0.0/8"},
                                    {"TONGS_INGRESS_ALLOW_FROM", "192.0.2.0/24"},
                                    {"TONGS_LOG_ACCESS_FILE", folder.path() / "access.log"},
                                    {"TONGS_LOG_ACCESS_PERSONAL", "true"}};
  const std::string header = test::ProxyHeaderParts{}.bytes();
  const std::string other = "PROXY TCP4 203.0.113.9 198.51.100.2 1 2\r\n";
  const auto is_believed = [](const Seen& seen, const std::string& scheme) {
    EXPECT_EQ(seen.header("x-forwarded-for"), "192.0.2.1");
    EXPECT_EQ(seen.header("forwarded"), "for=192.0.2.1;proto=" + scheme);
  };
  {
    Scene scene("", {}, environment(proxied));
    TlsPeer peer(scene.ingress_port(), {.before = header});
    EXPECT_TRUE(peer.say(last_request(scene)).hear_all().starts_with("HTTP/1.1 200"));
    is_believed(scene.backend.seen().front(), "https");
    TlsPeer stranger(scene.ingress_port(), {.before = other});
    EXPECT_TRUE(stranger.say(last_request(scene)).hear_all().starts_with("HTTP/1.1 403"));
  }
  {
    Scene scene("", {}, proxied);
    EXPECT_TRUE(scene.raw(header + last_request(scene)).starts_with("HTTP/1.1 200"));
    is_believed(scene.backend.seen().front(), "http");
    EXPECT_TRUE(scene.raw(other + last_request(scene)).starts_with("HTTP/1.1 403"));
    EXPECT_EQ(scene.backend.count(), 1U);
  }
  const std::string log = test::content_of(folder.path() / "access.log");
  EXPECT_NE(log.find(R"("peer":"192.0.2.1")"), std::string::npos) << log;
  EXPECT_NE(log.find(R"("peer":"203.0.113.9")"), std::string::npos) << log;
  EXPECT_EQ(log.find("127.0.0.1"), std::string::npos) << log;
}

TEST_F(GatewayTls, closes_on_a_proxy_without_a_header_and_counts_it) {
  Scene scene("", {}, {{"TONGS_INGRESS_PROXY_PROTOCOL", "127.0.0.1"}});
  net::testing::RawPeer proxy(scene.ingress_port());
  EXPECT_EQ(proxy.say(last_request(scene)).hear_all(), "");
  wait_for_metric(scene, "tongs_ingress_connections_refused_total{reason=\"proxy_header\"} 1");
  EXPECT_EQ(scene.backend.count(), 0U);
}

TEST_F(GatewayTls, refuses_the_header_of_somebody_who_is_no_proxy) {
  Scene scene("", {}, {{"TONGS_INGRESS_PROXY_PROTOCOL", "192.0.2.0/24"}});
  for (const std::string& header :
       {test::ProxyHeaderParts{}.bytes(), std::string("PROXY TCP4 192.0.2.1 198.51.100.2 1 2\r\n")}) {
    const std::string answer = scene.raw(header + last_request(scene));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
  }
  EXPECT_EQ(scene.backend.count(), 0U);
  EXPECT_NE(metric(scene, "tongs_ingress_refused_total{reason=\"malformed_request\"} 2"), "");
  EXPECT_TRUE(scene.raw(last_request(scene)).starts_with("HTTP/1.1 200")) << "without one he may call";
}

TEST_F(GatewayTls, goes_by_other_proxies_from_the_next_connection_on) {
  Scene scene;
  Config fresh = scene.config("");
  fresh.ingress.proxies.add("127.0.0.1").value();
  ASSERT_TRUE(scene.gateway->reload(std::move(fresh)));
  EXPECT_TRUE(scene.raw(test::ProxyHeaderParts{}.bytes() + last_request(scene)).starts_with("HTTP/1.1 200"));
}

TEST_F(GatewayTls, speaks_both_on_a_unix_socket) {
  const std::string path = folder.path() / "ingress.sock";
  Scene scene(
      "", {},
      environment({{"TONGS_INGRESS_LISTEN", "unix:" + path}, {"TONGS_INGRESS_PROXY_PROTOCOL", "unix"}}));
  asio::io_context context;
  asio::ssl::context trusting(asio::ssl::context::tls_client);
  net::TlsStream<net::Unix> stream(context, trusting);
  stream.next_layer().connect(net::Unix::endpoint(path));
  asio::write(stream.next_layer(), asio::buffer(test::ProxyHeaderParts{}.bytes()));
  stream.handshake(asio::ssl::stream_base::client);
  asio::write(stream, asio::buffer(last_request(scene)));
  std::string heard;
  boost::system::error_code failed;
  asio::read(stream, asio::dynamic_buffer(heard), failed);
  EXPECT_TRUE(heard.starts_with("HTTP/1.1 200")) << heard;
  EXPECT_EQ(scene.backend.seen().front().header("forwarded"), "for=192.0.2.1;proto=https");
}

}  // namespace
}  // namespace tongs::gateway::testing
