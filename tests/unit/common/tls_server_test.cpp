#include <mutex>

#include <boost/asio/ssl/context.hpp>

#include "common/net/tls_stream.hpp"
#include "support/scratch_folder.hpp"
#include "support/tls_peer.hpp"

namespace tongs::net::testing {
namespace {

using namespace std::string_literals;
using test::Identity;
using test::TlsPeer;

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

Task<> answer(Exchange& exchange) {
  auto body = co_await exchange.read_whole_body(1024 * 1024);
  if (!body) co_return;
  std::string text(exchange.peer().tls ? "tls " : "plain ");
  text.append(exchange.request().target).append(" ").append(*body);
  (void)co_await exchange.respond(Response::text(200, std::move(text)));
}

/// A server that speaks TLS, and what it turned away.
class TlsServer {
 public:
  explicit TlsServer(const Identity& identity, ServerLimits limits = {}, Handler handler = answer)
      : server(std::move(handler), limits) {
    show(identity);
    server.on_reactor([this] {
      server.server().watch_refusals([this](const Refusal& refusal) {
        const std::lock_guard hold(mutex_);
        refusals_.push_back(std::to_string(refusal.status) + " " + std::string(refusal.what));
      });
    });
  }

  void show(const Identity& identity, const std::string& behind_it = {}) {
    auto tls = serving_tls(folder_.write("certificate.pem", identity.certificate_pem() + behind_it)).value();
    use_key(*tls, Secret(identity.key_pem())).value();
    server.use(std::make_shared<const Entrance>(Entrance{.tls = std::move(tls)}));
  }
  std::string refusals() const {
    const std::lock_guard hold(mutex_);
    std::string all;
    for (const std::string& refusal : refusals_) all.append(refusal).append("\n");
    return all;
  }
  /// Waits until no connection is left.
  void settle() {
    while (server.server().connections() > 0) std::this_thread::yield();
  }

 private:
  test::ScratchFolder folder_;
  mutable std::mutex mutex_;
  std::vector<std::string> refusals_;

 public:
  RunningServer server;  ///< ends first: it tells of refusals to its end
};

TEST(TlsServer, answers_requests_and_says_goodbye) {
  const Identity identity;
  TlsServer tls(identity);
  TlsPeer peer(tls.server.port(), {.authority = &identity});
  ASSERT_TRUE(peer.shaken()) << peer.why();
  const std::string heard = peer.say(kGet).hear_all();
  EXPECT_TRUE(heard.starts_with("HTTP/1.1 200")) << heard;
  EXPECT_TRUE(heard.ends_with("tls /a ")) << heard;
  EXPECT_TRUE(peer.ended_well());
}

TEST(TlsServer, takes_requests_in_pieces_and_bodies_that_are_large) {
  const Identity identity;
  TlsServer tls(identity);
  TlsPeer peer(tls.server.port());
  const std::string body(300'000, 'b');
  peer.say("POST /1 HTTP/1.1\r\nHo").say("st: x\r\nContent-Length: 300000\r\n\r\n").say(body);
  EXPECT_EQ(peer.hear_until("tls /1 b").find("HTTP/1.1 200"), 0U);
  peer.hear_until(body.substr(1));
  EXPECT_TRUE(peer.say(kGet).hear_all().ends_with("tls /a ")) << "one connection, two requests";
}

TEST(TlsServer, is_reached_by_the_client_of_the_product) {
  const Identity identity({.names = "DNS:localhost,IP:127.0.0.1"});
  TlsServer tls(identity);
  const test::ScratchFolder folder;
  const auto trusting = verifying_tls(folder.write("ca.pem", identity.certificate_pem())).value();
  Reactor reactor;
  Client client(reactor, {}, {.tls = trusting});
  const Destination to{.tls = true, .host = "localhost", .port = tls.server.port(), .unix_path = {}};
  const RequestText request{
      .method = "POST", .target = "/b", .header_lines = "Host: x\r\n", .length = 2, .replayable = true};
  auto fetch = [](Client& by, Destination from, RequestText text) -> Task<std::string> {
    auto call = co_await by.send(std::move(from), text, "hi", Steady::now() + std::chrono::seconds(10));
    if (!call) co_return call.error().describe();
    auto piece = co_await call->read_body();
    if (!piece) co_return piece.error().describe();
    co_return std::string(*piece);
  };
  EXPECT_EQ(run(reactor, fetch(client, to, request)), "tls /b hi");
  EXPECT_EQ(run(reactor, fetch(client, to, request)), "tls /b hi");
  EXPECT_EQ(client.idle_connections(), 1U);
}

TEST(TlsServer, shows_those_who_vouch_for_it) {
  const Identity root({.common_name = "root", .authority = true});
  const Identity between({.common_name = "between", .issuer = &root, .authority = true});
  const Identity leaf({.common_name = "leaf", .issuer = &between});
  TlsServer tls(leaf);
  EXPECT_FALSE(TlsPeer(tls.server.port(), {.authority = &root}).shaken());
  tls.show(leaf, between.certificate_pem());
  EXPECT_TRUE(TlsPeer(tls.server.port(), {.authority = &root}).shaken());
}

TEST(TlsServer, speaks_no_old_version_and_no_other_protocol) {
  const Identity identity;
  TlsServer tls(identity);
  const std::uint16_t port = tls.server.port();
  EXPECT_TRUE(TlsPeer(port, {.newest = TLS1_2_VERSION}).shaken());
  EXPECT_TRUE(TlsPeer(port, {.newest = TLS1_3_VERSION}).shaken());
  EXPECT_FALSE(TlsPeer(port, {.newest = TLS1_1_VERSION, .weak = true}).shaken());
  EXPECT_EQ(TlsPeer(port, {.protocols = "\x02h2\x08http/1.1"}).protocol(), "http/1.1");
  EXPECT_EQ(TlsPeer(port).protocol(), "");
  const TlsPeer h2(port, {.protocols = "\x02h2"});
  EXPECT_FALSE(h2.shaken());
  EXPECT_EQ(h2.why(), "tlsv1 alert no application protocol");
}

TEST(TlsServer, renegotiates_nothing) {
  const Identity identity;
  TlsServer tls(identity);
  TlsPeer peer(tls.server.port(), {.newest = TLS1_2_VERSION});
  ASSERT_TRUE(peer.shaken());
  EXPECT_EQ(SSL_renegotiate(peer.session()), 1);
  EXPECT_NE(SSL_do_handshake(peer.session()), 1);
}

TEST(TlsServer, resumes_a_session) {
  const Identity identity;
  TlsServer tls(identity);
  TlsPeer first(tls.server.port());
  first.say(kGet).hear_all();
  TlsPeer second(tls.server.port(), {.session = SSL_get0_session(first.session())});
  EXPECT_EQ(SSL_session_reused(second.session()), 1);
}

TEST(TlsServer, shows_another_certificate_from_the_next_connection_on) {
  const Identity first({.common_name = "first"}), second({.common_name = "second"});
  TlsServer tls(first);
  TlsPeer before(tls.server.port());
  ASSERT_EQ(before.server_name(), "first");
  tls.show(second);
  TlsPeer after(tls.server.port());
  EXPECT_EQ(after.server_name(), "second");
  EXPECT_TRUE(before.say(kGet).hear_all().ends_with("tls /a ")) << "an open connection stays";
  EXPECT_TRUE(after.say(kGet).hear_all().ends_with("tls /a "));
}

TEST(TlsServer, tells_somebody_who_speaks_plain_http) {
  const Identity identity;
  TlsServer tls(identity);
  const std::string heard = RawPeer(tls.server.port()).say(kGet).hear_all();
  EXPECT_TRUE(heard.starts_with("HTTP/1.1 400")) << heard;
  EXPECT_NE(heard.find("urn:tongs:problem:tls-required"), std::string::npos) << heard;
  EXPECT_EQ(tls.refusals(), "400 http request (SSL routines)\n");
}

TEST(TlsServer, closes_on_whoever_speaks_something_else) {
  const Identity identity;
  TlsServer tls(identity);
  for (const std::string& words : {"SSH-2.0-x\r\n"s, "\x16\x03\x01\xff\xff"s, std::string(64, '\0'),
                                   "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"s}) {
    RawPeer(tls.server.port()).say(words).finish().hear_all();
  }
  tls.settle();
  const std::string refusals = tls.refusals();
  EXPECT_EQ(std::count(refusals.begin(), refusals.end(), '\n'), 4) << refusals;
  EXPECT_TRUE(TlsPeer(tls.server.port()).shaken()) << "and goes on";
}

TEST(TlsServer, takes_no_notice_of_who_only_looks) {
  const Identity identity;
  TlsServer tls(identity);
  EXPECT_EQ(RawPeer(tls.server.port()).finish().hear_all(), "");
  tls.settle();
  EXPECT_EQ(tls.refusals(), "");
}

TEST(TlsServer, cuts_a_slow_handshake) {
  ServerLimits limits;
  limits.head_time = std::chrono::milliseconds(1);
  const Identity identity;
  TlsServer tls(identity, limits);
  EXPECT_EQ(RawPeer(tls.server.port()).say("\x16\x03\x01").hear_all(), "");
  tls.settle();
  EXPECT_EQ(tls.refusals(), "0 it took too long\n");
}

TEST(TlsServer, counts_a_handshake_as_a_connection) {
  ServerLimits limits;
  limits.connections = 1;
  const Identity identity;
  TlsServer tls(identity, limits);
  RawPeer slow(tls.server.port());
  slow.say("\x16");
  while (tls.server.server().connections() == 0) std::this_thread::yield();
  auto waiting = std::async(std::launch::async, [&] { return TlsPeer(tls.server.port()).shaken(); });
  EXPECT_EQ(tls.server.server().connections(), 1U);
  slow.finish();
  EXPECT_TRUE(waiting.get());
}

TEST(TlsServer, ends_handshakes_and_resting_connections_when_it_drains) {
  const Identity identity;
  TlsServer tls(identity);
  RawPeer handshake(tls.server.port());
  handshake.say("\x16");
  TlsPeer resting(tls.server.port());
  resting.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n").hear_until("tls /a ");
  while (tls.server.server().connections() < 2) std::this_thread::yield();
  tls.server.on_reactor([&] { tls.server.server().drain(); });
  EXPECT_EQ(handshake.hear_all(), "");
  EXPECT_EQ(resting.hear_all(), "");
  EXPECT_TRUE(resting.ended_well());
  EXPECT_EQ(tls.refusals(), "");
}

TEST(TlsServer, lets_a_peer_see_that_an_answer_is_cut_short) {
  const Identity identity;
  TlsServer tls(identity, {}, [](Exchange& exchange) -> Task<> {
    exchange.begin(200, "", "", std::nullopt);
    exchange.offer("half");
    (void)co_await exchange.flush();
    exchange.abort();
  });
  TlsPeer peer(tls.server.port());
  EXPECT_TRUE(peer.say("GET / HTTP/1.0\r\n\r\n").hear_all().ends_with("half"));
  EXPECT_FALSE(peer.ended_well());
}

TEST(TlsServer, answers_a_malformed_head_with_all_that_comes_after_it_unread) {
  const Identity identity;
  TlsServer tls(identity);
  TlsPeer peer(tls.server.port());
  peer.say("GET /#x HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(100'000, 'a'));
  EXPECT_TRUE(peer.hear_all().starts_with("HTTP/1.1 400"));
}

TEST(TlsServer, speaks_tls_on_a_unix_socket_too) {
  const Identity identity({.names = "DNS:localhost"});
  const auto path = ::testing::TempDir() + "tongs-tls-test.sock";
  RunningServer server(answer, {}, "unix:" + path);
  const test::ScratchFolder folder;
  auto tls = serving_tls(folder.write("certificate.pem", identity.certificate_pem())).value();
  use_key(*tls, Secret(identity.key_pem())).value();
  server.use(std::make_shared<const Entrance>(Entrance{.tls = std::move(tls)}));

  asio::io_context context;
  asio::ssl::context trusting(asio::ssl::context::tls_client);
  TlsStream<Unix> stream(context, trusting);
  stream.next_layer().connect(Unix::endpoint(path));
  stream.handshake(asio::ssl::stream_base::client);
  asio::write(stream, asio::buffer(kGet));
  std::string heard;
  error_code failed;
  asio::read(stream, asio::dynamic_buffer(heard), failed);
  EXPECT_TRUE(heard.ends_with("tls /a ")) << heard;
}

}  // namespace
}  // namespace tongs::net::testing
