#include <gtest/gtest.h>

#include <tongs/curl_transport.hpp>

#include "support/loopback_server.hpp"

namespace tongs {
namespace {

using test::Connection;
using test::LoopbackServer;

enum class End { close, reset };

/// The outcome of a call to a server that sends the first `size` bytes of `answer`, and then ends.
Result<HttpResponse> call_cut_at(std::string_view answer, std::size_t size, End end) {
  const LoopbackServer server([&](Connection& peer) {
    (void)peer.read_head();
    peer.write(answer.substr(0, size));
    if (end == End::reset) peer.reset();
  });
  return (*CurlTransport::create())->send({.url = server.url()}, {});
}

/// Bytes at the end of an answer without which it is whole all the same: libcurl does not wait for the last
/// line feed behind the last chunk.
std::size_t dispensable(std::string_view answer) { return answer.ends_with("0\r\n\r\n") ? 1 : 0; }

class CurlFaults : public ::testing::TestWithParam<std::string_view> {};

TEST_P(CurlFaults, AnAnswerCutAtAnyByteIsNeverTakenForAWholeOne) {
  const std::string_view answer = GetParam();
  for (const End end : {End::close, End::reset}) {
    for (std::size_t size = 0; size < answer.size() - dispensable(answer); ++size) {
      const auto outcome = call_cut_at(answer, size, end);
      ASSERT_FALSE(outcome) << "cut after " << size;
      EXPECT_TRUE(outcome.error().code() == Errc::transport_failed ||
                  outcome.error().code() == Errc::malformed_response)
          << size << ": " << outcome.error().message();
    }
  }
  const auto whole = call_cut_at(answer, answer.size(), End::close);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->body, "{\"a\":1}");
}

INSTANTIATE_TEST_SUITE_P(Framings, CurlFaults,
                         ::testing::Values("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
                                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                           "4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n"));

}  // namespace
}  // namespace tongs
