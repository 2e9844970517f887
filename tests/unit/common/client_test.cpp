#include <boost/asio/read_until.hpp>
#include <sys/socket.h>

#include "support/loopback.hpp"

namespace tongs::net::testing {
namespace {

Steady::time_point soon() { return Steady::now() + std::chrono::seconds(10); }

RequestText get(std::string_view target) {
  return {.method = "GET", .target = target, .header_lines = "Host: x\r\n", .length = 0, .replayable = true};
}

Task<> answer_target(Exchange& exchange) {
  auto sent = co_await exchange.respond(Response::text(200, std::string(exchange.request().target)));
  (void)sent;
}

Task<std::string> fetch(Client& client, Destination to, RequestText request, std::string body = {}) {
  auto call = co_await client.send(std::move(to), request, body, soon());
  if (!call) co_return "error: " + std::string(call.error().message());
  std::string text = std::to_string(call->head().status) + " ";
  for (;;) {
    auto piece = co_await call->read_body();
    if (!piece) co_return text + "error: " + std::string(piece.error().message());
    if (piece->empty()) co_return text;
    text += *piece;
  }
}

TEST(Client, gets_an_answer_and_keeps_the_connection) {
  RunningServer server(answer_target);
  Reactor reactor;
  Client client(reactor);
  EXPECT_EQ(run(reactor, fetch(client, server.destination(), get("/one"))), "200 /one");
  EXPECT_EQ(client.idle_connections(), 1U);
  EXPECT_EQ(run(reactor, fetch(client, server.destination(), get("/two"))), "200 /two");
  EXPECT_EQ(client.idle_connections(), 1U);
  EXPECT_EQ(server.on_reactor([&] { return server.server().connections(); }), 1U);
}

/// Counts what it is told.
struct Counts final : ConnectionWatch {
  void opened() override { ++open; }
  void closed() noexcept override { --open; }
  void rested() noexcept override { ++idle; }
  void woken() noexcept override { --idle; }
  void failed(Steady::time_point began) override {
    EXPECT_LE(began, Steady::now());
    ++failures;
  }
  int open = 0, idle = 0, failures = 0;
};

RequestText watched(std::string_view target, Counts& counts) {
  RequestText request = get(target);
  request.watch = &counts;
  return request;
}

TEST(Client, tells_what_becomes_of_a_connection) {
  Counts counts;
  auto server = std::make_unique<RunningServer>(answer_target);
  const Destination to = server->destination();
  Reactor reactor;
  {
    Client client(reactor);
    EXPECT_EQ(run(reactor, fetch(client, to, watched("/one", counts))), "200 /one");
    EXPECT_EQ(counts.open, 1);
    EXPECT_EQ(counts.idle, 1);
    const auto use = [&]() -> Task<> {
      const RequestText request = watched("/two", counts);
      const std::string_view nothing;
      auto call = co_await client.send(to, request, nothing, soon());
      EXPECT_TRUE(call);
      EXPECT_EQ(counts.open, 1);
      EXPECT_EQ(counts.idle, 0) << "it is in use";
    };
    run(reactor, use());
    server.reset();
    EXPECT_TRUE(
        run(reactor, fetch(client, to, watched("/three", counts))).starts_with("error: cannot connect"));
    EXPECT_EQ(counts.open, 0);
    EXPECT_EQ(counts.failures, 1);

    server = std::make_unique<RunningServer>(answer_target, ServerLimits{},
                                             "127.0.0.1:" + std::to_string(to.port));
    EXPECT_EQ(run(reactor, fetch(client, to, watched("/four", counts))), "200 /four");
  }
  EXPECT_EQ(counts.open, 0) << "with the client, its idle connections end";
  EXPECT_EQ(counts.idle, 0);
  EXPECT_EQ(counts.failures, 1);
}

TEST(Client, reaches_a_unix_socket) {
  RunningServer server(answer_target, {}, "unix:" + ::testing::TempDir() + "tongs-client-test.sock");
  Reactor reactor;
  Client client(reactor);
  EXPECT_EQ(run(reactor, fetch(client, server.destination(), get("/local"))), "200 /local");
}

TEST(Client, opens_a_new_connection_when_the_pooled_one_has_died) {
  auto server = std::make_unique<RunningServer>(answer_target);
  Reactor reactor;
  Client client(reactor);
  const Destination to = server->destination();
  ASSERT_EQ(run(reactor, fetch(client, to, get("/one"))), "200 /one");
  server.reset();
  server =
      std::make_unique<RunningServer>(answer_target, ServerLimits{}, "127.0.0.1:" + std::to_string(to.port));
  EXPECT_EQ(run(reactor, fetch(client, to, get("/two"))), "200 /two");
}

TEST(Client, streams_a_request_in_chunks) {
  RunningServer server([](Exchange& exchange) -> Task<> {
    auto body = co_await exchange.read_whole_body(1024);
    Response answer = Response::text(200, std::move(body).value_or("no body"));
    auto sent = co_await exchange.respond(std::move(answer));
    (void)sent;
  });
  Reactor reactor;
  Client client(reactor);
  const auto answer = run(reactor, [](Client& through, Destination to) -> Task<std::string> {
    RequestText request{
        .method = "POST", .target = "/", .header_lines = "Host: x\r\n", .length = {}, .replayable = false};
    auto call = co_await through.open(to, request, soon());
    if (!call) co_return "no call";
    (void)co_await call->write("ab");
    (void)co_await call->write("cd");
    (void)co_await call->end();
    auto head = co_await call->read_head(soon());
    if (!head) co_return "no head";
    auto piece = co_await call->read_body();
    co_return piece ? std::string(*piece) : "no body";
  }(client, server.destination()));
  EXPECT_EQ(answer, "abcd");
}

/// How a peer leaves.
enum class Leaving { in_order, by_reset };

/// A server that says what the test wants said, once per connection, and then leaves.
class ScriptedPeer {
 public:
  explicit ScriptedPeer(std::string answer, Leaving leaving = Leaving::in_order)
      : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}),
        answer_(std::move(answer)),
        leaving_(leaving) {
    thread_ = std::thread([this] {
      error_code failed;
      auto socket = acceptor_.accept(failed);
      if (failed) return;
      std::string request;
      asio::read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n", failed);
      asio::write(socket, asio::buffer(answer_), failed);
      if (leaving_ == Leaving::by_reset) socket.set_option(asio::socket_base::linger(true, 0), failed);
      socket.close(failed);  // the destructor would not reset
    });
  }
  ~ScriptedPeer() {
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
  }
  Destination destination() const {
    return {.tls = false, .host = "127.0.0.1", .port = acceptor_.local_endpoint().port(), .unix_path = {}};
  }

 private:
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_;
  std::string answer_;
  Leaving leaving_;
  std::thread thread_;
};

struct Answer {
  const char* name;
  std::string bytes;
  const char* outcome;
};

class ClientReads : public ::testing::TestWithParam<Answer> {};

TEST_P(ClientReads, what_a_peer_says) {
  ScriptedPeer peer(GetParam().bytes);
  Reactor reactor;
  Client client(reactor);
  EXPECT_EQ(run(reactor, fetch(client, peer.destination(), get("/"))), GetParam().outcome);
  EXPECT_EQ(client.idle_connections(), 0U) << "a connection that must not be used again was kept";
}

INSTANTIATE_TEST_SUITE_P(
    Answers, ClientReads,
    ::testing::Values(
        Answer{"until_close", "HTTP/1.1 200 OK\r\n\r\nall of it", "200 all of it"},
        Answer{"after_interim_answers",
               "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.0 200 "
               "OK\r\n\r\nreal",
               "200 real"},
        Answer{"nothing", "", "error: the peer closed the connection before its answer was complete"},
        Answer{"half_a_head", "HTTP/1.1 200 OK\r\nCon",
               "error: the peer closed the connection before its answer was complete"},
        Answer{"half_a_body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
               "200 halferror: the peer closed the connection before its answer was complete"},
        Answer{"half_a_chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
               "200 abcerror: the peer closed the connection before its answer was complete"},
        Answer{"garbage", "SSH-2.0-OpenSSH\r\n\r\n", "error: the peer's answer is not acceptable HTTP"},
        Answer{"length_and_chunks",
               "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
               "error: the peer's answer is not acceptable HTTP"},
        Answer{"no_status", "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhidden",
               "error: the peer's answer is not acceptable HTTP"},
        Answer{"a_status_of_no_class", "HTTP/1.1 600 Odd\r\n\r\n",
               "error: the peer's answer is not acceptable HTTP"},
        Answer{"a_body_beyond_the_limit", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
               "error: the peer's answer is too large"},
        Answer{"a_head_beyond_the_limit", "HTTP/1.1 200 OK\r\nA: " + std::string(64 * 1024, 'a'),
               "error: the peer's answer is too large"},
        Answer{"switching_protocols", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
               "error: the peer wants to leave HTTP, which nobody asked for"},
        Answer{"bytes_after_the_answer",
               "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n", "200 ok"}),
    [](const auto& test) { return test.param.name; });

TEST(Client, takes_a_broken_connection_for_no_end_of_an_answer) {
  ScriptedPeer peer("HTTP/1.1 200 OK\r\n\r\nhalf", Leaving::by_reset);
  Reactor reactor;
  Client client(reactor);
  const auto outcome = run(reactor, fetch(client, peer.destination(), get("/")));
  EXPECT_TRUE(outcome.ends_with("error: the peer closed the connection before its answer was complete"))
      << outcome;
}

TEST(Client, does_not_ask_again_once_it_has_heard_something) {
  int asked = 0;
  RunningServer server([&](Exchange& exchange) -> Task<> {
    if (++asked == 1) {
      Response answer = Response::text(200, "one");
      (void)co_await exchange.respond(std::move(answer));
    } else {
      exchange.begin(103, "", "", std::nullopt);  // an interim answer, and then the end
      (void)co_await exchange.flush();
    }
  });
  Reactor reactor;
  Client client(reactor);
  ASSERT_EQ(run(reactor, fetch(client, server.destination(), get("/"))), "200 one");
  EXPECT_EQ(run(reactor, fetch(client, server.destination(), get("/"))),
            "error: the peer closed the connection before its answer was complete");
  EXPECT_EQ(server.on_reactor([&] { return asked; }), 2);
}

TEST(Client, says_which_step_of_connecting_failed) {
  Reactor reactor;
  Client client(reactor);
  Destination closed;
  {
    RunningServer gone(answer_target);
    closed = gone.destination();
  }
  EXPECT_EQ(run(reactor, fetch(client, closed, get("/"))), "error: cannot connect to the peer");
  EXPECT_EQ(
      run(reactor, fetch(client, {.tls = false, .host = "no-such-host.invalid", .port = 80, .unix_path = {}},
                         get("/"))),
      "error: cannot resolve the name of the peer");
}

TEST(Client, refuses_a_peer_that_does_not_speak_tls) {
  ScriptedPeer peer("HTTP/1.1 400 Bad Request\r\n\r\n");
  Reactor reactor;
  Client client(reactor);
  Destination to = peer.destination();
  to.tls = true;
  // The peer waits for an empty line that a TLS client never sends, and so never answers.
  const auto outcome = run(reactor, [](Client& through, Destination target) -> Task<std::string> {
    auto call = co_await through.open(target, get("/"), Steady::now() + std::chrono::milliseconds(1));
    co_return call ? "connected" : std::string(call.error().message());
  }(client, to));
  EXPECT_EQ(outcome, "connecting to the peer took too long");
}

TEST(Client, gives_up_at_the_deadline) {
  RunningServer server([](Exchange& exchange) -> Task<> {
    Timer never(exchange.reactor().context);
    never.expires_after(std::chrono::hours(1));
    (void)co_await never.async_wait(use_tuple);
  });
  Reactor reactor;
  Client client(reactor);
  const auto code = run(reactor, [](Client& through, Destination to) -> Task<Errc> {
    auto call = co_await through.send(to, get("/"), "", Steady::now() + std::chrono::milliseconds(1));
    co_return call ? Errc::internal : call.error().code();
  }(client, server.destination()));
  EXPECT_EQ(code, Errc::deadline_exceeded);
}

}  // namespace
}  // namespace tongs::net::testing
