#include <filesystem>
#include <optional>

#include <boost/asio/local/stream_protocol.hpp>

#include <tongs/clock.hpp>

#include "http/timestamp.hpp"
#include "support/loopback.hpp"
#include "support/scratch_folder.hpp"

namespace tongs::net::testing {
namespace {

using namespace std::string_literals;

Task<> echo(Exchange& exchange) {
  auto body = co_await exchange.read_whole_body(1024 * 1024);
  if (!body) co_return;
  std::string text(exchange.request().method);
  text.append(" ").append(exchange.request().target).append(" ").append(*body);
  auto sent = co_await exchange.respond(Response::text(200, std::move(text)));
  (void)sent;
}

std::string answer_to(RunningServer& server, std::string_view bytes) {
  return RawPeer(server.port()).say(bytes).finish().hear_all();
}

std::string status_of(const std::string& answer) { return answer.substr(0, answer.find("\r\n")); }

TEST(Server, answers_a_request_without_a_body) {
  RunningServer server(echo);
  const auto answer = answer_to(server, "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(answer), "HTTP/1.1 200 OK");
  EXPECT_TRUE(answer.ends_with("\r\n\r\nGET /a?b=c ")) << answer;
}

TEST(Server, says_when_it_answers_unless_the_answer_does) {
  const auto dated = [](std::string lines) {
    return [lines = std::move(lines)](Exchange& exchange) -> Task<> {
      exchange.begin(200, {}, lines, 0);
      (void)exchange.finish();
      auto sent = co_await exchange.flush();
      (void)sent;
    };
  };
  const std::string theirs = "X-Date: 1\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
  RunningServer silent(dated("X-Date: 1\r\nDat: 2\r\n")), telling(dated(theirs));
  const auto ask = [](RunningServer& server) {
    return answer_to(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  };
  const auto before = std::chrono::floor<std::chrono::seconds>(Clock::system()->wall_now());
  const std::string answer = ask(silent);
  const auto line = answer.find("\r\nDate: ");
  ASSERT_NE(line, std::string::npos) << answer;
  const auto said = tongs::detail::parse_http_date(answer.substr(line + 8, 29), before);
  ASSERT_TRUE(said) << answer;
  EXPECT_GE(*said, before - std::chrono::seconds(1));  // the clock that it takes is a tick behind
  EXPECT_LE(*said, Clock::system()->wall_now());
  EXPECT_EQ(ask(telling), "HTTP/1.1 200 OK\r\n" + theirs + "Content-Length: 0\r\n\r\n");
}

TEST(Server, reads_a_body_by_length_and_by_chunks) {
  RunningServer server(echo);
  EXPECT_TRUE(answer_to(server, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
                  .ends_with("POST / hello"));
  EXPECT_TRUE(answer_to(server,
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n")
                  .ends_with("POST / hello"));
}

TEST(Server, answers_pipelined_requests_in_their_order) {
  RunningServer server(echo);
  const auto answer =
      answer_to(server,
                "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na"
                "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
                "POST /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n");
  const auto first = answer.find("POST /1 a"), second = answer.find("GET /2 "),
             third = answer.find("POST /3 b");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(third, std::string::npos) << answer;
}

TEST(Server, takes_a_request_byte_by_byte) {
  RunningServer server(echo);
  RawPeer peer(server.port());
  for (const char byte : std::string("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")) {
    peer.say({&byte, 1});
  }
  EXPECT_TRUE(peer.finish().hear_all().ends_with("POST /slow abc"));
}

TEST(Server, keeps_a_connection_of_http_1_0_only_when_asked) {
  RunningServer server(echo);
  EXPECT_NE(answer_to(server, "GET / HTTP/1.0\r\n\r\n").find("Connection: close"), std::string::npos);
  EXPECT_NE(
      answer_to(server, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").find("Connection: keep-alive"),
      std::string::npos);
}

TEST(Server, ends_a_connection_of_http_1_0_that_says_keep_alive_and_close) {
  RunningServer server(echo);
  EXPECT_NE(
      answer_to(server, "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n").find("Connection: close"),
      std::string::npos);
}

TEST(Server, answers_expect_100_continue_before_it_reads) {
  RunningServer server(echo);
  RawPeer peer(server.port());
  peer.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(peer.hear_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_TRUE(peer.say("ok").finish().hear_all().ends_with("POST / ok"));
}

TEST(Server, says_that_it_ends_a_connection_on_which_a_body_may_come_or_not) {
  RunningServer server([](Exchange& exchange) -> Task<> {
    Response refusal = Response::text(403, "no");
    (void)co_await exchange.respond(std::move(refusal));
  });
  RawPeer peer(server.port());
  peer.say(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\nExpect: 100-continue\r\n\r\nGET / "
      "HTTP/1.1\r\n\r\n");
  const auto answer = peer.hear_all();
  EXPECT_NE(answer.find("Connection: close"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("HTTP/1.1 ", 1), std::string::npos) << "a second answer: " << answer;
}

TEST(Server, keeps_a_connection_whose_expectation_is_about_no_body) {
  RunningServer server(echo);
  const std::string request = "GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n";
  const auto answer = answer_to(server, request + request);
  EXPECT_EQ(answer.find("100 Continue"), std::string::npos) << answer;
  EXPECT_NE(answer.find("HTTP/1.1 200", 1), std::string::npos) << answer;
}

TEST(Server, sends_no_body_for_head) {
  RunningServer server(echo);
  const auto answer = answer_to(server, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
  EXPECT_NE(answer.find("Content-Length: 7"), std::string::npos) << answer;
}

TEST(Server, streams_an_answer_of_unknown_length_in_chunks) {
  RunningServer server([](Exchange& exchange) -> Task<> {
    exchange.begin(200, "", "X-Kind: stream\r\n", std::nullopt);
    exchange.offer("one");
    exchange.offer("two");
    exchange.finish("Checksum: 7\r\n");
    (void)co_await exchange.flush();
  });
  EXPECT_TRUE(answer_to(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                  .ends_with("3\r\none\r\n3\r\ntwo\r\n0\r\nChecksum: 7\r\n\r\n"));
  EXPECT_TRUE(answer_to(server, "GET / HTTP/1.0\r\n\r\n").ends_with("\r\n\r\nonetwo"));
}

TEST(Server, turns_an_exception_and_silence_into_a_500) {
  RunningServer throwing([](Exchange&) -> Task<> {
    throw std::runtime_error("boom");
    co_return;
  });
  RunningServer silent([](Exchange&) -> Task<> { co_return; });
  EXPECT_EQ(status_of(answer_to(throwing, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")),
            "HTTP/1.1 500 Internal Server Error");
  EXPECT_EQ(status_of(answer_to(silent, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")),
            "HTTP/1.1 500 Internal Server Error");
}

struct Malformed {
  const char* name;
  std::string request;
  const char* status;
};

class ServerRefuses : public ::testing::TestWithParam<Malformed> {};

TEST_P(ServerRefuses, with_the_right_status_and_closes) {
  RunningServer server(echo);
  const auto answer = answer_to(server, GetParam().request);
  EXPECT_EQ(status_of(answer), std::string("HTTP/1.1 ") + GetParam().status) << answer;
  EXPECT_EQ(answer.find("HTTP/1.1 ", 1), std::string::npos) << "a second answer: " << answer;
}

INSTANTIATE_TEST_SUITE_P(
    Requests, ServerRefuses,
    ::testing::Values(
        Malformed{"no_method", " / HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"absolute_target", "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"fragment", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"fragment_in_query", "GET /a?b=%23#c HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"utf8_target", "GET /\xc3\xa4 HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"high_byte_in_query", "GET /?a=\xff HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"tab_in_target", "GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"nul_in_target", "GET /a"s + '\0' + " HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"escape_in_target", "GET /a\x1b HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"delete_in_target", "GET /a\x7f HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"connect", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"version", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", "505 HTTP Version Not Supported"},
        Malformed{"minor_version", "GET / HTTP/1.2\r\nHost: x\r\n\r\n", "505 HTTP Version Not Supported"},
        Malformed{"no_version", "GET / x HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"version_with_more", "GET / HTTP/1.10\r\nHost: x\r\n\r\n", "400 Bad Request"},
        Malformed{"proxy_protocol_1",
                  "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
                  "400 Bad Request"},
        Malformed{"proxy_protocol_2", "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0GET / HTTP/1.1\r\nHost: x\r\n\r\n"s,
                  "400 Bad Request"},
        Malformed{"tls", "\x16\x03\x01\0\x05\x01\0\0\x01\0"s, "400 Bad Request"},
        Malformed{"no_host", "GET / HTTP/1.1\r\n\r\n", "400 Bad Request"},
        Malformed{"two_hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400 Bad Request"},
        Malformed{"host_with_a_user", "GET / HTTP/1.1\r\nHost: u@x\r\n\r\n", "400 Bad Request"},
        Malformed{"host_with_a_path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", "400 Bad Request"},
        Malformed{"space_before_colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "400 Bad Request"},
        Malformed{"bare_line_feed", "GET / HTTP/1.1\r\nHost: x\n\r\n\r\n", "400 Bad Request"},
        Malformed{"fold", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", "400 Bad Request"},
        Malformed{"fold_with_empty_first_line", "GET / HTTP/1.1\r\nHost: x\r\nA:\r\n c\r\n\r\n",
                  "400 Bad Request"},
        Malformed{"nul", "GET / HTTP/1.1\r\nHost: x\r\nA: b"s + '\0' + "c\r\n\r\n", "400 Bad Request"},
        Malformed{"two_lengths",
                  "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                  "400 Bad Request"},
        Malformed{"same_length_twice",
                  "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
                  "400 Bad Request"},
        Malformed{"list_of_lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\na",
                  "400 Bad Request"},
        Malformed{"signed_length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na",
                  "400 Bad Request"},
        Malformed{
            "length_and_chunks",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "400 Bad Request"},
        Malformed{
            "chunks_and_length",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
            "400 Bad Request"},
        Malformed{"other_coding",
                  "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                  "501 Not Implemented"},
        Malformed{"odd_coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                  "501 Not Implemented"},
        Malformed{"chunks_in_1_0",
                  "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                  "400 Bad Request"},
        Malformed{"bad_chunk", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                  "400 Bad Request"},
        Malformed{"long_head", "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(40000, 'a') + "\r\n\r\n",
                  "431 Request Header Fields Too Large"},
        Malformed{"endless_line", "GET /" + std::string(40000, 'a'), "431 Request Header Fields Too Large"},
        Malformed{"large_body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
                  "413 Content Too Large"}),
    [](const auto& test) { return test.param.name; });

TEST(Server, answers_408_to_a_head_that_never_ends) {
  ServerLimits limits;
  limits.head_time = std::chrono::milliseconds(1);
  RunningServer server(echo, limits);
  const auto answer = RawPeer(server.port()).say("GET / HTTP/1.1\r\nHo").hear_all();
  EXPECT_EQ(status_of(answer), "HTTP/1.1 408 Request Timeout");
}

TEST(Server, closes_an_idle_connection_without_a_word) {
  ServerLimits limits;
  limits.idle_time = std::chrono::milliseconds(1);
  RunningServer server(echo, limits);
  EXPECT_EQ(RawPeer(server.port()).hear_all(), "");
}

TEST(Server, drains_idle_connections_and_finishes_the_busy_ones) {
  std::promise<void> entered, leave;
  auto may_leave = leave.get_future().share();
  Reactor* inside = nullptr;
  RunningServer server([&](Exchange& exchange) -> Task<> {
    inside = &exchange.reactor();
    Timer timer(exchange.reactor().context);
    entered.set_value();
    while (may_leave.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      timer.expires_after(std::chrono::milliseconds(1));
      (void)co_await timer.async_wait(use_tuple);
    }
    auto sent = co_await exchange.respond(Response::text(200, "late"));
    (void)sent;
  });
  RawPeer idle(server.port());
  RawPeer busy(server.port());
  busy.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  entered.get_future().wait();
  server.on_reactor([&] { server.server().drain(); });
  EXPECT_EQ(idle.hear_all(), "");
  leave.set_value();
  const auto answer = busy.hear_all();
  EXPECT_TRUE(answer.ends_with("late")) << answer;
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

TEST(Server, listens_on_ipv6_and_on_a_unix_socket) {
  const auto path = ::testing::TempDir() + "tongs-server-test.sock";
  RunningServer six(echo, {}, "[::1]:0");
  RunningServer local(echo, {}, "unix:" + path);
  EXPECT_TRUE(six.address().starts_with("[::1]:"));
  EXPECT_EQ(local.address(), "unix:" + path);
}

TEST(Server, leaves_no_socket_file_behind) {
  const test::ScratchFolder folder;
  const auto path = (folder.path() / "server.sock").string();
  {
    const RunningServer server(echo, {}, "unix:" + path);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Server, leaves_the_socket_file_of_its_successor) {
  const test::ScratchFolder folder;
  const auto path = (folder.path() / "server.sock").string();
  std::optional<RunningServer> first(std::in_place, echo, ServerLimits{}, "unix:" + path);
  std::filesystem::rename(path, folder.path() / "moved.sock");
  const RunningServer second(echo, {}, "unix:" + path);
  first.reset();
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(Server, takes_the_place_of_a_socket_that_was_left_behind_and_of_nothing_else) {
  const test::ScratchFolder folder;
  const auto left = (folder.path() / "left.sock").string(), notes = folder.write("notes.txt", "keep");
  {
    asio::io_context context;
    const asio::local::stream_protocol::acceptor killed(context,
                                                        asio::local::stream_protocol::endpoint(left));
  }
  ASSERT_TRUE(std::filesystem::exists(left));
  EXPECT_EQ(RunningServer(echo, {}, "unix:" + left).address(), "unix:" + left);

  Reactor reactor;
  Server server(reactor, echo);
  EXPECT_FALSE(server.listen(ListenAddress::parse("unix:" + notes).value()));
  EXPECT_TRUE(std::filesystem::exists(notes));
}

TEST(Server, says_why_it_cannot_listen) {
  RunningServer first(echo);
  Reactor reactor;
  Server second(reactor, echo);
  const auto taken = second.listen(ListenAddress::parse(first.address()).value());
  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().message().find("in use"), std::string::npos) << taken.error().message();
}

}  // namespace
}  // namespace tongs::net::testing
