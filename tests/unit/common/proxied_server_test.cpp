#include <future>
#include <mutex>

#include <boost/asio/local/stream_protocol.hpp>

#include "support/proxy_header.hpp"
#include "support/scratch_folder.hpp"
#include "support/tls_peer.hpp"

namespace tongs::net::testing {
namespace {

using test::ProxyHeaderParts;

constexpr const char* kGet = "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const std::string kLine = "PROXY TCP4 192.0.2.1 198.51.100.2 4242 443\r\n";

Networks networks(std::string_view text) {
  Networks all;
  all.add(text).value();
  return all;
}

std::string answer_about(const Peer& peer) {
  return (peer.tls ? "by TLS, you are " : "you are ") + peer.address;
}

/// A server that answers with who it thinks its peer is.
class ProxiedServer {
 public:
  explicit ProxiedServer(Entrance entrance, ServerLimits limits = {},
                         const std::string& address = "127.0.0.1:0")
      : server(
            [](Exchange& exchange) -> Task<> {
              (void)co_await exchange.respond(Response::text(200, answer_about(exchange.peer())));
            },
            limits, address) {
    server.use(std::make_shared<const Entrance>(std::move(entrance)));
    server.on_reactor([this] {
      server.server().watch_refusals([this](const Refusal& refusal) {
        const std::lock_guard hold(mutex_);
        refusals_.append(refusal.peer).append(": ").append(refusal.what).append("\n");
      });
    });
  }

  std::string answer_to(const std::string& bytes) {
    return RawPeer(server.port()).say(bytes).finish().hear_all();
  }
  /// What was turned away, once no connection is left.
  std::string refusals() {
    while (server.server().connections() > 0) std::this_thread::yield();
    const std::lock_guard hold(mutex_);
    return refusals_;
  }

 private:
  std::mutex mutex_;
  std::string refusals_;

 public:
  RunningServer server;  ///< ends first: it tells of refusals to its end
};

bool is_for(const std::string& answer, const std::string& peer) {
  return answer.ends_with("you are " + peer);
}

TEST(ProxiedServer, believes_its_proxies) {
  ProxiedServer proxied({.proxies = networks("127.0.0.0/8")});
  EXPECT_TRUE(is_for(proxied.answer_to(kLine + kGet), "192.0.2.1"));
  EXPECT_TRUE(
      is_for(proxied.answer_to("PROXY TCP6 2001:DB8::1 ::1 1 2\r\n" + std::string(kGet)), "2001:db8::1"));
  EXPECT_TRUE(is_for(proxied.answer_to(ProxyHeaderParts{}.bytes() + kGet), "192.0.2.1"));
  EXPECT_TRUE(
      is_for(proxied.answer_to(ProxyHeaderParts{.version_and_command = 0x20}.bytes() + kGet), "127.0.0.1"))
      << "the proxy asks for itself";
  EXPECT_TRUE(is_for(proxied.answer_to(std::string("PROXY UNKNOWN\r\n") + kGet), "127.0.0.1"));
  EXPECT_EQ(proxied.refusals(), "");
}

TEST(ProxiedServer, believes_its_proxies_that_their_caller_speaks_tls) {
  ProxiedServer proxied({.proxies = networks("127.0.0.0/8")});
  const auto with_bits = [](char bits) {
    return ProxyHeaderParts{.fields = test::proxy_field(0x20, bits + std::string(4, '\0'))}.bytes() + kGet;
  };
  EXPECT_TRUE(proxied.answer_to(with_bits('\x01')).ends_with("\r\n\r\nby TLS, you are 192.0.2.1"));
  EXPECT_TRUE(proxied.answer_to(with_bits('\x07')).ends_with("\r\n\r\nby TLS, you are 192.0.2.1"));
  EXPECT_TRUE(proxied.answer_to(with_bits('\x06')).ends_with("\r\n\r\nyou are 192.0.2.1"))
      << "no TLS, only more of it";
}

TEST(ProxiedServer, takes_a_header_byte_by_byte) {
  ProxiedServer proxied({.proxies = networks("127.0.0.1")});
  for (const std::string& header : {kLine, ProxyHeaderParts{}.bytes()}) {
    RawPeer peer(proxied.server.port());
    for (const char byte : header + kGet) peer.say({&byte, 1});
    EXPECT_TRUE(is_for(peer.finish().hear_all(), "192.0.2.1"));
  }
}

TEST(ProxiedServer, wants_one_header_for_a_connection) {
  ProxiedServer proxied({.proxies = networks("127.0.0.1")});
  const std::string two = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
  RawPeer peer(proxied.server.port());
  EXPECT_NE(peer.say(kLine + two).hear_until("192.0.2.1").find("HTTP/1.1 200"), std::string::npos);
  EXPECT_TRUE(is_for(peer.say(kGet).hear_all(), "192.0.2.1"));
  EXPECT_TRUE(proxied.answer_to(kLine + kLine + kGet).starts_with("HTTP/1.1 400"));
}

TEST(ProxiedServer, closes_on_a_proxy_that_does_not_say_who_calls) {
  ProxiedServer proxied({.proxies = networks("127.0.0.1")});
  EXPECT_EQ(RawPeer(proxied.server.port()).say(kGet).hear_all(), "");
  EXPECT_EQ(proxied.refusals(), "127.0.0.1: the connection does not begin with a PROXY header\n");
}

TEST(ProxiedServer, closes_on_a_header_that_is_malformed_or_cut) {
  ProxiedServer proxied({.proxies = networks("127.0.0.1")});
  EXPECT_EQ(RawPeer(proxied.server.port()).say(ProxyHeaderParts{.family = 0x12}.bytes() + kGet).hear_all(),
            "");
  EXPECT_EQ(proxied.answer_to(kLine.substr(0, 20)), "");
  EXPECT_EQ(proxied.refusals(),
            "127.0.0.1: a PROXY header names no family of streams\n"
            "127.0.0.1: the connection ended in the middle of a PROXY header\n");
}

TEST(ProxiedServer, takes_no_notice_of_a_proxy_that_only_looks) {
  ProxiedServer proxied({.proxies = networks("127.0.0.1")});
  EXPECT_EQ(proxied.answer_to(""), "");
  EXPECT_EQ(proxied.refusals(), "");
}

TEST(ProxiedServer, takes_no_notice_of_a_proxy_that_left_before_anybody_looked) {
  ProxiedServer proxied({.proxies = networks("127.0.0.1")});
  std::promise<void> gone;
  auto held = std::async([&] { proxied.server.on_reactor([&] { gone.get_future().wait(); }); });
  RawPeer(proxied.server.port()).say(kLine).reset();  // as HAProxy's health checks do
  gone.set_value();
  held.get();
  EXPECT_TRUE(is_for(proxied.answer_to(kLine + kGet), "192.0.2.1"));
  EXPECT_EQ(proxied.refusals(), "");
}

TEST(ProxiedServer, cuts_a_header_that_does_not_come) {
  ServerLimits limits;
  limits.head_time = std::chrono::milliseconds(1);
  ProxiedServer proxied({.proxies = networks("127.0.0.1")}, limits);
  EXPECT_EQ(RawPeer(proxied.server.port()).say("PROXY ").hear_all(), "");
  EXPECT_EQ(proxied.refusals(), "127.0.0.1: it took too long\n");
}

TEST(ProxiedServer, believes_nobody_else) {
  ProxiedServer proxied({.proxies = networks("192.0.2.0/24")});
  EXPECT_TRUE(is_for(proxied.answer_to(kGet), "127.0.0.1"));
  for (const std::string& spoofed : {kLine, ProxyHeaderParts{}.bytes()}) {
    const std::string answer = proxied.answer_to(spoofed + kGet);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
    EXPECT_EQ(answer.find("you are"), std::string::npos) << answer;
  }
}

TEST(ProxiedServer, reads_the_header_before_tls) {
  const test::Identity identity;
  const test::ScratchFolder folder;
  auto tls = serving_tls(folder.write("certificate.pem", identity.certificate_pem())).value();
  use_key(*tls, Secret(identity.key_pem())).value();
  ProxiedServer proxied({.tls = tls, .proxies = networks("127.0.0.1")});
  for (const std::string& header : {kLine, ProxyHeaderParts{}.bytes()}) {
    test::TlsPeer peer(proxied.server.port(), {.before = header});
    EXPECT_TRUE(is_for(peer.say(kGet).hear_all(), "192.0.2.1"));
  }
  EXPECT_FALSE(test::TlsPeer(proxied.server.port()).shaken());
  EXPECT_EQ(proxied.refusals(), "127.0.0.1: the connection does not begin with a PROXY header\n");
}

TEST(ProxiedServer, reads_it_from_a_unix_socket_if_told_to) {
  const auto path = ::testing::TempDir() + "tongs-proxied-test.sock";
  ProxiedServer proxied({.proxied_unix = true}, {}, "unix:" + path);
  asio::io_context context;
  asio::local::stream_protocol::socket socket(context);
  socket.connect(path);
  asio::write(socket, asio::buffer(kLine + kGet));
  std::string heard;
  error_code failed;
  asio::read(socket, asio::dynamic_buffer(heard), failed);
  EXPECT_TRUE(is_for(heard, "192.0.2.1")) << heard;
}

}  // namespace
}  // namespace tongs::net::testing
