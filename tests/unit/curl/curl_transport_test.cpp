#include <cstdlib>
#include <filesystem>
#include <future>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include <tongs/curl_transport.hpp>

#include "support/loopback_server.hpp"

namespace tongs {
namespace {

using namespace std::chrono_literals;
using test::Connection;
using test::LoopbackServer;

std::shared_ptr<CurlTransport> transport(CurlOptions options = {}) {
  auto made = CurlTransport::create(std::move(options));
  EXPECT_TRUE(made);
  return *made;
}

/// The answer as HTTP/1.1 text, with its length.
std::string ok(std::string_view body, std::string_view headers = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) +
         "\r\n" + std::string(body);
}

/// Answers every request of a connection with the same bytes.
LoopbackServer::Script always(std::string answer) {
  return [answer = std::move(answer)](Connection& peer) {
    while (!peer.read_head().empty() && peer.write(answer)) {
    }
  };
}

/// Sends `answer` to the first request, whatever it is, and closes.
LoopbackServer::Script once(std::string answer) {
  return [answer = std::move(answer)](Connection& peer) {
    (void)peer.read_head();
    peer.write(answer);
  };
}

std::string head_sent_for(const HttpRequest& request, CurlOptions options = {}) {
  std::promise<std::string> head;
  LoopbackServer server([&](Connection& peer) {
    head.set_value(peer.read_head());
    peer.write(ok(""));
    peer.wait_for_close();
  });
  HttpRequest addressed = request;
  addressed.url = server.url(request.url);
  EXPECT_TRUE(transport(std::move(options))->send(addressed, {}));
  return head.get_future().get();
}

Error failure_of(LoopbackServer::Script script, CurlOptions options = {}, const CallOptions& call = {}) {
  const LoopbackServer server(std::move(script));
  auto answer = transport(std::move(options))->send({.url = server.url()}, call);
  EXPECT_FALSE(answer);
  return answer ? Error(Errc::internal, "there was an answer") : std::move(answer).error();
}

bool names_hop(const Error& error, std::string_view hop) { return error.message().starts_with(hop); }

TEST(CurlTransport, CarriesARequestToItsAnswer) {
  std::promise<std::pair<std::string, std::string>> seen;
  const LoopbackServer server([&](Connection& peer) {
    auto head = peer.read_head();
    auto body = peer.read(5);
    seen.set_value({head, body});
    peer.write("HTTP/1.1 201 Created\r\nX-One: 1\r\nx-two:  a b \r\nX-One: 2\r\nContent-Length: 2\r\n\r\n{}");
    peer.wait_for_close();
  });
  const auto answer = transport()->send({.method = "POST",
                                         .url = server.url("/a/b?c=d%20e"),
                                         .headers = {{"X-Mine", "v"}, {"x-empty", ""}},
                                         .body = "12345"},
                                        {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->header("x-one"), "1");
  EXPECT_EQ(answer->header("X-Two"), "a b");
  EXPECT_EQ(answer->headers.size(), 4U);
  EXPECT_EQ(answer->body, "{}");
  const auto [head, body] = seen.get_future().get();
  EXPECT_EQ(head.find("POST /a/b?c=d%20e HTTP/1.1\r\n"), 0U);
  EXPECT_NE(head.find("\r\nX-Mine: v\r\n"), std::string::npos);
  EXPECT_NE(head.find("\r\nx-empty:\r\n"), std::string::npos);
  EXPECT_NE(head.find("\r\nContent-Length: 5\r\n"), std::string::npos);
  EXPECT_NE(head.find("\r\nUser-Agent: tongs\r\n"), std::string::npos);
  EXPECT_EQ(head.find("Expect:"), std::string::npos);
  EXPECT_EQ(head.find("Content-Type:"), std::string::npos);
  EXPECT_EQ(body, "12345");
}

TEST(CurlTransport, SaysHowLongTheBodyOfAWritingMethodIs) {
  for (const char* method : {"POST", "PUT", "PATCH"}) {
    const auto head = head_sent_for({.method = method, .url = "/"});
    EXPECT_EQ(head.find(method), 0U);
    EXPECT_NE(head.find("Content-Length: 0\r\n"), std::string::npos) << head;
  }
  for (const char* method : {"GET", "DELETE", "HEAD", "OPTIONS"}) {
    const auto head = head_sent_for({.method = method, .url = "/"});
    EXPECT_EQ(head.find(method), 0U);
    EXPECT_EQ(head.find("Content-Length"), std::string::npos) << head;
  }
}

TEST(CurlTransport, DoesNotWaitForLeaveToSendALargeBody) {
  const std::string body(2'000'000, 'x');
  std::promise<std::string> head;
  const LoopbackServer server([&](Connection& peer) {
    head.set_value(peer.read_head());
    peer.write(ok(peer.read(body.size()) == body ? "whole" : "broken"));
  });
  const auto answer = transport()->send({.method = "POST", .url = server.url(), .body = body}, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "whole");
  EXPECT_EQ(head.get_future().get().find("Expect:"), std::string::npos);
}

TEST(CurlTransport, AnEmptyUserAgentIsNotSent) {
  EXPECT_EQ(head_sent_for({.url = "/"}, {.user_agent = ""}).find("User-Agent"), std::string::npos);
  EXPECT_NE(head_sent_for({.url = "/", .headers = {{"user-agent", "mine"}}}).find("user-agent: mine"),
            std::string::npos);
}

TEST(CurlTransport, TheAnswerToHeadHasNoBody) {
  const LoopbackServer server(once("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
  const auto answer = transport()->send({.method = "HEAD", .url = server.url()}, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header("content-length"), "5");
  EXPECT_TRUE(answer->body.empty());
}

TEST(CurlTransport, KeepsItsConnection) {
  const LoopbackServer server(always(ok("x")));
  const auto kept = transport();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(kept->send({.url = server.url()}, {})->body, "x");
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlTransport, KeepsNothingIfTold) {
  const LoopbackServer server(always(ok("x")));
  const auto forgetful = transport({.max_idle = 0});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(forgetful->send({.url = server.url()}, {}));
  EXPECT_EQ(server.connections(), 3);
}

TEST(CurlTransport, RefusesWhatMustNotBeSent) {
  const LoopbackServer server(always(ok("x")));
  const HttpRequest bad[] = {
      {.url = server.url(), .headers = {{"a", "1\r\nevil: 2"}}},
      {.url = server.url(), .headers = {{"a\r\nevil", "1"}}},
      {.url = server.url(), .headers = {{"Host", "evil"}}},
      {.url = server.url(), .headers = {{"content-length", "99"}}},
      {.url = server.url(), .headers = {{"Transfer-Encoding", "chunked"}}},
      {.method = "GET / HTTP/1.1\r\nX: y\r\n\r\n", .url = server.url()},
      {.method = "", .url = server.url()},
      {.method = "CONNECT", .url = server.url()},
      {.url = "file:///etc/passwd"},
      {.url = "http://user:password@127.0.0.1/"},
      {.url = server.url("/a b")},
      {.url = ""},
  };
  for (const HttpRequest& request : bad) {
    const auto answer = transport()->send(request, {});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), Errc::invalid_argument);
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(CurlTransport, GivesARedirectAsItIs) {
  const LoopbackServer server(
      once("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"));
  const auto answer = transport()->send({.url = server.url()}, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(answer->header("location"), "/elsewhere");
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlTransport, RemembersNoCookie) {
  std::promise<std::string> second;
  const LoopbackServer server([&](Connection& peer) {
    (void)peer.read_head();
    peer.write(ok("", "Set-Cookie: a=b; Path=/\r\n"));
    second.set_value(peer.read_head());
    peer.write(ok(""));
  });
  const auto same = transport();
  ASSERT_TRUE(same->send({.url = server.url()}, {}));
  ASSERT_TRUE(same->send({.url = server.url()}, {}));
  EXPECT_EQ(second.get_future().get().find("Cookie"), std::string::npos);
}

TEST(CurlTransport, TellsInterimAnswersAndTrailersFromTheAnswer) {
  const LoopbackServer server(
      once("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Retry-After\r\n\r\n"
           "3\r\nabc\r\n0\r\nRetry-After: 99\r\n\r\n"));
  const auto answer = transport()->send({.url = server.url()}, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "abc");
  EXPECT_TRUE(answer->header("x-early").empty());
  EXPECT_TRUE(answer->header("retry-after").empty());
}

constexpr std::string_view kSqueezed(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\xd7\x51\x28\x2e\x2c\x4d\x4d\xad\x4a\x4d\x51"
    "\x28"
    "\xcf\x2f\xca\x49\x01\x00\x18\x11\xd7\xdc\x15\x00\x00\x00",
    41);

TEST(CurlTransport, DecompressesUnlessTheCallerSaysWhatHeAccepts) {
  const LoopbackServer server(always(ok(kSqueezed, "Content-Encoding: gzip\r\n")));
  const auto plain = transport()->send({.url = server.url()}, {});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->body, "hello, squeezed world");
  EXPECT_TRUE(plain->header("content-encoding").empty());
  EXPECT_TRUE(plain->header("content-length").empty());
  const auto raw = transport()->send({.url = server.url(), .headers = {{"accept-encoding", "gzip"}}}, {});
  ASSERT_TRUE(raw);
  EXPECT_EQ(raw->body, kSqueezed);
  EXPECT_EQ(raw->header("content-encoding"), "gzip");
}

TEST(CurlTransport, ADecompressedBodyCountsInFull) {
  const LoopbackServer server(always(ok(kSqueezed, "Content-Encoding: gzip\r\n")));
  EXPECT_TRUE(transport({.max_response_bytes = 41})->send({.url = server.url()}, {}));
  std::string bomb = ok(kSqueezed, "Content-Encoding: gzip\r\n");
  const auto error = failure_of(once(std::move(bomb)), {.max_response_bytes = 20});
  EXPECT_EQ(error.code(), Errc::malformed_response);
}

TEST(CurlTransport, ABodyOverTheLimitIsRefusedByItsAnnouncement) {
  const auto error =
      failure_of(once("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"), {.max_response_bytes = 1000});
  EXPECT_EQ(error.code(), Errc::malformed_response);
  EXPECT_TRUE(names_hop(error, "receive: the answer is larger"));
}

TEST(CurlTransport, ABodyWithoutEndIsCutAtTheLimit) {
  const auto endless = [](Connection& peer) {
    (void)peer.read_head();
    peer.write("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.write(std::string(10000, 'x'))) {
    }
  };
  const auto error = failure_of(endless, {.max_response_bytes = 1000});
  EXPECT_EQ(error.code(), Errc::malformed_response);
  EXPECT_TRUE(names_hop(error, "receive: the answer is larger"));
}

TEST(CurlTransport, ABodyOfExactlyTheLimitPasses) {
  const LoopbackServer server(once(ok(std::string(1000, 'x'))));
  EXPECT_EQ(transport({.max_response_bytes = 1000})->send({.url = server.url()}, {})->body.size(), 1000U);
}

TEST(CurlTransport, AHeadWithoutEndIsCut) {
  const auto endless = [](Connection& peer) {
    (void)peer.read_head();
    peer.write("HTTP/1.1 200 OK\r\n");
    while (peer.write("X-Filler: " + std::string(1000, 'x') + "\r\n")) {
    }
  };
  EXPECT_EQ(failure_of(endless).code(), Errc::malformed_response);
}

TEST(CurlTransport, WhatIsNotHttpIsMalformed) {
  EXPECT_EQ(failure_of(once("SSH-2.0-OpenSSH_9.2\r\n")).code(), Errc::malformed_response);
  EXPECT_EQ(failure_of(once("{\"status\":200}\r\n\r\n")).code(), Errc::malformed_response);
}

TEST(CurlTransport, ABrokenConnectionNamesItsHop) {
  const auto cut = failure_of(once("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
  EXPECT_EQ(cut.code(), Errc::transport_failed);
  EXPECT_TRUE(names_hop(cut, "receive:")) << cut.message();

  const auto silent = failure_of([](Connection& peer) { (void)peer.read_head(); });
  EXPECT_EQ(silent.code(), Errc::transport_failed);
  EXPECT_TRUE(names_hop(silent, "receive:")) << silent.message();

  const auto reset = failure_of([](Connection& peer) {
    (void)peer.read_head();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    peer.reset();
  });
  EXPECT_EQ(reset.code(), Errc::transport_failed);
  EXPECT_TRUE(names_hop(reset, "receive:")) << reset.message();
}

TEST(CurlTransport, NobodyAtThePortIsAConnectFailure) {
  std::string url;
  {
    const LoopbackServer gone(always(ok("")));
    url = gone.url();
  }
  const auto answer = transport()->send({.url = url}, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::transport_failed);
  EXPECT_TRUE(names_hop(answer.error(), "connect:")) << answer.error().message();
}

TEST(CurlTransport, APeerWithoutTlsIsATlsFailure) {
  const LoopbackServer server([](Connection& peer) { peer.write("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  const auto answer =
      transport()->send({.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/"}, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::transport_failed);
  EXPECT_TRUE(names_hop(answer.error(), "tls:")) << answer.error().message();
}

TEST(CurlTransport, NoMessageHoldsAnythingOfTheCall) {
  const auto error = failure_of(once("HTTP/1.1 200 SECRET\r\nContent-Length: 10\r\n\r\nSECRET"));
  EXPECT_EQ(error.describe().find("SECRET"), std::string::npos);
  EXPECT_EQ(error.describe().find("127.0.0.1"), std::string::npos);
}

TEST(CurlTransport, ADeadlineEndsACallThatIsNeverAnswered) {
  const auto silent = [](Connection& peer) { peer.wait_for_close(); };
  EXPECT_EQ(failure_of(silent, {}, CallOptions::within(30ms)).code(), Errc::deadline_exceeded);
  const auto half = [](Connection& peer) {
    (void)peer.read_head();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    peer.wait_for_close();
  };
  EXPECT_EQ(failure_of(half, {}, CallOptions::within(30ms)).code(), Errc::deadline_exceeded);
}

TEST(CurlTransport, AStopWakesACallThatWaits) {
  std::stop_source stop;
  const LoopbackServer server([&](Connection& peer) {
    (void)peer.read_head();
    peer.write(ok("first"));
    (void)peer.read_head();
    stop.request_stop();
    peer.wait_for_close();
  });
  // On a kept connection no timer of libcurl is due, so that without the wake-up this would hang.
  const auto patient = transport({.connect_timeout = 24h});
  ASSERT_TRUE(patient->send({.url = server.url()}, {}));
  const auto answer = patient->send({.url = server.url()}, {.stop = stop.get_token()});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::cancelled);
}

TEST(CurlTransport, NothingIsSentForACallThatHasEnded) {
  const LoopbackServer server(always(ok("")));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(transport()->send({.url = server.url()}, {.stop = stop.get_token()}).error().code(),
            Errc::cancelled);
  EXPECT_EQ(transport()->send({.url = server.url()}, CallOptions::within(0ms)).error().code(),
            Errc::deadline_exceeded);
  EXPECT_EQ(server.connections(), 0);
}

TEST(CurlTransport, ACancelledCallLeavesTheTransportUsable) {
  std::atomic<int> calls = 0;
  const LoopbackServer server([&](Connection& peer) {
    while (!peer.read_head().empty()) {
      if (++calls == 1) return peer.wait_for_close();
      peer.write(ok("fine"));
    }
  });
  const auto same = transport();
  EXPECT_FALSE(same->send({.url = server.url()}, CallOptions::within(30ms)));
  const auto next = same->send({.url = server.url()}, {});
  ASSERT_TRUE(next);
  EXPECT_EQ(next->body, "fine");
}

/// Answers the first request of a connection and closes without an answer to the second one.
class StaleConnection : public ::testing::Test {
 protected:
  Result<HttpResponse> second_call_with(const std::string& method) {
    EXPECT_TRUE(transport_->send({.url = server_.url()}, {}));
    return transport_->send({.method = method, .url = server_.url()}, {});
  }
  std::atomic<int> seen_ = 0;
  LoopbackServer server_{[this](Connection& peer) {
    if (peer.read_head().empty()) return;
    ++seen_;
    peer.write(ok("first"));
    if (!peer.read_head().empty()) ++seen_;
  }};
  std::shared_ptr<CurlTransport> transport_ = transport();
};

TEST_F(StaleConnection, ARequestThatOnlyReadsGoesToAFreshOne) {
  const auto answer = second_call_with("GET");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "first");
  EXPECT_EQ(seen_, 3);
}

TEST_F(StaleConnection, APostIsNeverSentTwice) {
  const auto answer = second_call_with("POST");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::transport_failed);
  EXPECT_EQ(seen_, 2);
}

TEST(CurlTransport, ThreadsShareIt) {
  const LoopbackServer server([](Connection& peer) {
    for (auto head = peer.read_head(); !head.empty(); head = peer.read_head()) {
      const auto path = head.substr(4, head.find(' ', 4) - 4);
      if (!peer.write(ok(path))) return;
    }
  });
  const auto shared = transport({.max_idle = 2});
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const auto path = "/" + std::to_string(t) + "/" + std::to_string(i);
        const auto answer = shared->send({.url = server.url(path)}, {});
        if (!answer || answer->body != path) ++wrong;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST(CurlTransport, OneStopEndsManyCalls) {
  const LoopbackServer server([](Connection& peer) { peer.wait_for_close(); });
  const auto shared = transport();
  std::stop_source stop;
  std::latch started(8);
  std::atomic<int> cancelled = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      started.count_down();
      const auto answer = shared->send({.url = server.url()}, {.stop = stop.get_token()});
      if (!answer && answer.error().code() == Errc::cancelled) ++cancelled;
    });
  }
  started.wait();
  stop.request_stop();
  threads.clear();
  EXPECT_EQ(cancelled, 8);
}

TEST(CurlTransport, AProxyIsUsedOnlyIfItIsNamed) {
  const LoopbackServer proxy(once(ok("from the proxy")));
  const auto proxied = transport({.proxy = proxy.url()})->send({.url = "http://host.invalid/x"}, {});
  ASSERT_TRUE(proxied);
  EXPECT_EQ(proxied->body, "from the proxy");

  const LoopbackServer other(always(ok("from the environment")));
  ::setenv("http_proxy", other.url().c_str(),
           1);  // NOLINT(concurrency-mt-unsafe): no other thread is running
  EXPECT_FALSE(transport()->send({.url = "http://host.invalid/x"}, {}));
  const auto obeyed = transport({.proxy_from_environment = true})->send({.url = "http://host.invalid/x"}, {});
  ASSERT_TRUE(obeyed);
  EXPECT_EQ(obeyed->body, "from the environment");
  ::unsetenv("http_proxy");  // NOLINT(concurrency-mt-unsafe)

  ::setenv("no_proxy", "*", 1);  // NOLINT(concurrency-mt-unsafe)
  const LoopbackServer named(once(ok("from the named proxy")));
  EXPECT_TRUE(transport({.proxy = named.url()})->send({.url = "http://host.invalid/x"}, {}));
  ::unsetenv("no_proxy");  // NOLINT(concurrency-mt-unsafe)
}

TEST(CurlTransport, NothingForThisMachineGoesThroughAProxy) {
  const LoopbackServer server(always(ok("direct")));
  const LoopbackServer proxy(always(ok("from the proxy")));
  ::setenv("http_proxy", proxy.url().c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  ::setenv("all_proxy", proxy.url().c_str(), 1);   // NOLINT(concurrency-mt-unsafe)
  for (const std::string host : {"127.0.0.1", "localhost", "LOCALHOST", "127.1.2.3", "[::1]"}) {
    const std::string url = "http://" + host + ":" + std::to_string(server.port()) + "/";
    for (const CurlOptions& options :
         {CurlOptions{.proxy_from_environment = true}, CurlOptions{.proxy = proxy.url()},
          CurlOptions{.proxy = proxy.url(), .proxy_from_environment = true}}) {
      const auto answer = transport(options)->send({.url = url}, {});
      EXPECT_TRUE(!answer || answer->body == "direct") << url;
    }
  }
  EXPECT_EQ(proxy.connections(), 0);
  ::unsetenv("http_proxy");  // NOLINT(concurrency-mt-unsafe)
  ::unsetenv("all_proxy");   // NOLINT(concurrency-mt-unsafe)
}

TEST(CurlTransport, AUnixSocketTakesThePlaceOfTheHost) {
  const auto path = std::filesystem::temp_directory_path() / ("tongs-curl-" + std::to_string(::getpid()));
  const LoopbackServer server(path.string(), once(ok("local")));
  const auto answer = transport({.unix_socket = path.string()})->send({.url = "http://localhost/x"}, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "local");
  std::filesystem::remove(path);
}

TEST(CurlTransport, ACaFileThatIsNotThereIsSaidAtOnce) {
  const auto made = CurlTransport::create({.ca_file = "/nonexistent/ca.pem"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code(), Errc::invalid_argument);
}

}  // namespace
}  // namespace tongs
