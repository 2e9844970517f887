// The second opinion has to be one: what it is for, it must see.

#include "support/wire.hpp"

#include <string>

#include <gtest/gtest.h>

#include "support/forwarded.hpp"
#include "support/replaced.hpp"

namespace tongs::test {

namespace {

const std::string kForwarded =
    "POST /a HTTP/1.1\r\nHost: x\r\nForge-Installation-Id: i\r\nForge-App-Id: a\r\nForge-Invocation: c\r\n"
    "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n";

std::string fault(const std::string& bytes) { return fault_in_forwarded(wire::read_request(bytes)); }
std::string fault_with(std::string_view from, std::string_view to) {
  return fault(replaced(kForwarded, from, to));
}

TEST(Wire, ReadsARequestInAllItsParts) {
  const auto request = wire::read_request(kForwarded + "GET /b");
  EXPECT_EQ(request.state, wire::State::whole);
  EXPECT_EQ(request.method(), "POST");
  EXPECT_EQ(request.target(), "/a");
  EXPECT_EQ(request.framing, "chunked");
  EXPECT_EQ(request.body, "hello");
  EXPECT_EQ(request.trailers, (std::vector<wire::Line>{{"X-Sum", "7"}}));
  EXPECT_EQ(request.raw, kForwarded);
  EXPECT_EQ(fault_in_forwarded(request), "");
}

TEST(Wire, WaitsForTheRestOfAMessage) {
  for (std::size_t size = 0; size < kForwarded.size(); ++size) {
    const auto request = wire::read_request(kForwarded.substr(0, size));
    EXPECT_EQ(request.state, wire::State::partial) << size << request.complaint;
    EXPECT_EQ(fault_in_forwarded(request), "") << size;
  }
}

TEST(Wire, ReadsAnswersByTheRequestThatTheyAnswer) {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  EXPECT_EQ(wire::read_answer(answer, false, false).body, "ok");
  EXPECT_EQ(wire::read_answer(answer, true, false).body, "");
  EXPECT_EQ(wire::read_answer("HTTP/1.1 304 \r\nContent-Length: 2\r\n\r\n", false, false).state,
            wire::State::whole);
  const std::string endless = "HTTP/1.1 200 OK\r\n\r\nok";
  EXPECT_EQ(wire::read_answer(endless, false, false).state, wire::State::partial);
  EXPECT_EQ(wire::read_answer(endless, false, true).body, "ok");
}

TEST(Wire, SeesWhatTwoReadersWouldReadInTwoWays) {
  EXPECT_EQ(fault_with("Host: x\r\n", "Host: x\n"), "a line that ends with a bare line feed");
  EXPECT_EQ(fault_with("Host: x", "Host: x\ry"), "a control character in a line");
  EXPECT_EQ(fault_with("Host: x", std::string("Host: x\0", 8)), "a control character in a line");
  EXPECT_EQ(fault_with("Host: x", "Host: x\r\n folded"), "no field name");
  EXPECT_EQ(fault_with("Host: x", "Host : x"), "no field name");
  EXPECT_EQ(fault_with("Host: x\r\n", ""), "not one Host");
  EXPECT_EQ(fault_with("Host: x", "Host: x\r\nhost: x"), "not one Host");
  EXPECT_EQ(fault_with("chunked", "chunked\r\nContent-Length: 5"), "the length is said twice");
  EXPECT_EQ(fault_with("chunked", "chunked\r\nTransfer-Encoding: chunked"), "the length is said twice");
  EXPECT_EQ(fault_with("chunked", "xchunked"), "a transfer coding that is not chunked");
  EXPECT_EQ(fault_with("Transfer-Encoding: chunked", "Content-Length: +5"),
            "a Content-Length that is no number");
  EXPECT_EQ(fault_with("HTTP/1.1", "HTTP/1.2"), "another version");
  EXPECT_EQ(fault_with("/a", "/a\tb"), "a target that is no target");
  EXPECT_EQ(fault_with("/a", "/a#b"), "a target that is no target");
  EXPECT_EQ(fault_with("/a", "http://x/a"), "a target that is no path");
  EXPECT_EQ(fault_with("POST", "PO(ST"), "a method that is no token");
  EXPECT_EQ(fault_with("5\r\n", "0x5\r\n"), "no chunk size");
  EXPECT_EQ(fault_with("5\r\n", "10000000000000005\r\n"), "no chunk size");
  EXPECT_EQ(fault_with("hello\r\n", "hello!\r\n"), "no line end behind a chunk");
}

TEST(Wire, SeesWhatAGatewayMayNotPassOn) {
  EXPECT_EQ(fault_with("Host: x", "Host:  x"), "it is not canonical");
  EXPECT_EQ(fault_with("5\r\n", "05\r\n"), "it is not canonical");
  EXPECT_EQ(fault_with("5\r\n", "5;a=b\r\n"), "it is not canonical");
  EXPECT_EQ(fault("\r\n" + kForwarded), "it is not canonical");
  EXPECT_EQ(fault_with("Host: x", "Host: x\r\nX: evil"), "it holds what must not pass");
  EXPECT_EQ(fault_with("Host: x", "Host: x\r\nConnection: close"), "it holds connection");
  EXPECT_EQ(fault_with("Host: x", "Host: x\r\nKeep_Alive: 5"), "it holds keep-alive");
  EXPECT_EQ(fault_with("Host: x", "Host: x\r\nForge-App-Id: b"), "there are two of forge-app-id");
  EXPECT_EQ(fault_with("Host: x", "Host: x\r\nForge_App_Id: b"), "another spelling of forge-app-id");
  EXPECT_EQ(fault_with("Host: x", "Host: x\r\nContent_Length: 5"), "another spelling of content-length");
  EXPECT_EQ(fault_with("Host: x", "Host: x\r\nX-A: 1\r\nX_A: 2"), "");
  EXPECT_EQ(fault_with("Forge-Invocation: c\r\n", ""), "it lacks forge-invocation");
  EXPECT_EQ(fault_with("HTTP/1.1", "HTTP/1.0"), "a transfer coding that is not chunked");
}

}  // namespace

}  // namespace tongs::test
