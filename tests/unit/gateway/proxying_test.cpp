#include "gateway/proxying.hpp"

#include <future>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/loopback.hpp"
#include "support/loopback_server.hpp"

namespace tongs::gateway {
namespace {

/// A caller, a proxy and a peer of which everything that it says is written down here.
class PassBack : public ::testing::Test {
 protected:
  /// What the caller hears, and, in `broken`, why the peer's answer broke off.
  std::string hear(const std::vector<std::string>& pieces) {
    test::LoopbackServer peer([&](test::Connection& connection) {
      connection.read_head();
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (i > 0) caller_has_the_first_piece_.get_future().get();
        connection.write(pieces[i]);
      }
    });
    net::testing::RunningServer proxy([&](net::Exchange& exchange) { return pass(exchange, peer.port()); });
    net::testing::RawPeer caller(proxy.port());
    caller.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    std::string heard;
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      heard += caller.hear_until("first");
      caller_has_the_first_piece_.set_value();
    }
    return heard + caller.hear_all();
  }

  net::Task<> pass(net::Exchange& exchange, std::uint16_t port) {
    net::Client client(exchange.reactor());
    const net::Destination to{.tls = false, .host = "127.0.0.1", .port = port, .unix_path = {}};
    const net::RequestText request{
        .method = "GET", .target = "/", .header_lines = "Host: x\r\n", .length = 0};
    const auto deadline = net::Steady::now() + std::chrono::seconds(10);
    const std::string_view nothing;
    auto call = co_await client.send(to, request, nothing, deadline);
    if (!call) co_return;
    auto passed = co_await pass_back(exchange, *call, nothing);
    if (passed) co_return;
    broken = passed.error().code();
    if (exchange.answered()) co_return;
    net::Response answer = net::Response::text(502, "broken");
    (void)co_await exchange.respond(std::move(answer));
  }

  std::optional<Errc> broken;

 private:
  std::promise<void> caller_has_the_first_piece_;
};

constexpr const char* kChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST_F(PassBack, lets_another_answer_take_the_place_of_one_that_is_broken_from_the_start) {
  const auto heard = hear({std::string(kChunkedHead) + "no size\r\n"});
  EXPECT_TRUE(heard.starts_with("HTTP/1.1 502")) << heard;
  EXPECT_TRUE(heard.ends_with("broken")) << heard;
  EXPECT_EQ(broken, Errc::malformed_response);
}

TEST_F(PassBack, cuts_an_answer_short_that_breaks_off_later) {
  const auto heard = hear({std::string(kChunkedHead) + "5\r\nfirst\r\n", "no size\r\n"});
  EXPECT_TRUE(heard.starts_with("HTTP/1.1 200")) << heard;
  EXPECT_TRUE(heard.ends_with("first\r\n")) << heard;
  EXPECT_EQ(broken, Errc::malformed_response);
}

TEST_F(PassBack, passes_every_piece_of_a_whole_answer_on) {
  const auto heard = hear({std::string(kChunkedHead) + "5\r\nfirst\r\n", "1\r\n2\r\n0\r\nX-T: t\r\n\r\n"});
  EXPECT_TRUE(heard.starts_with("HTTP/1.1 200")) << heard;
  EXPECT_TRUE(heard.ends_with("5\r\nfirst\r\n1\r\n2\r\n0\r\nX-T: t\r\n\r\n")) << heard;
  EXPECT_FALSE(broken);
}

TEST_F(PassBack, passes_an_answer_without_a_body_on) {
  const auto heard = hear({"HTTP/1.1 204 No Content\r\n\r\n"});
  EXPECT_TRUE(heard.starts_with("HTTP/1.1 204 No Content\r\n")) << heard;
  EXPECT_TRUE(heard.ends_with("\r\n\r\n")) << heard;
  EXPECT_FALSE(broken);
}

TEST(Proxying, passes_every_method_on_that_reflects_nothing_and_opens_no_tunnel) {
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"}) {
    EXPECT_FALSE(refused_method(method)) << method;
  }
  for (const char* method : {"TRACE", "CONNECT", "Trace", "connect"}) {
    const auto refusal = refused_method(method);
    ASSERT_TRUE(refusal) << method;
    EXPECT_EQ(refusal->status, 501);
  }
}

}  // namespace
}  // namespace tongs::gateway
