// `tongs api` in front of an egress that the test plays.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/loopback_server.hpp"
#include "support/program.hpp"

namespace tongs {
namespace {

using test::Outcome;

const test::Program kTongs(TONGS_BINARY);

/// `tongs api jira get-issue` with these options more, and with that egress.
Outcome get_issue(const std::string& egress, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{
      "api",         "jira", "get-issue", "--installation", "0a3a7799-53ae-4a5b-9e7e-03338980abb5",
      "--proxy-url", egress};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return kTongs.run(arguments);
}

test::LoopbackServer answering(const std::string& status, const std::string& body) {
  return test::LoopbackServer([=](test::Connection& peer) {
    (void)peer.read_head();
    peer.write("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n" +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  });
}

TEST(Api, PrintsTheAnswer) {
  const auto egress = answering("200 OK", R"({"key":"TEST-1"})");
  const Outcome outcome = get_issue(egress.url(), {"--issue", "TEST-1"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "{\n  \"key\": \"TEST-1\"\n}\n");
}

TEST(Api, EndsWithTwoForWhatCannotBeAsked) {
  const auto egress = answering("200 OK", "{}");
  for (const std::vector<std::string>& mistake :
       std::vector<std::vector<std::string>>{{"--issue", ""},
                                             {"--issue", "../../x"},
                                             {"--issue", "X-1", "--as", "user"},
                                             {"--issue", "X-1", "--as", "a b"}}) {
    const Outcome outcome = get_issue(egress.url(), mistake);
    EXPECT_EQ(outcome.status, 2) << mistake.back();
    EXPECT_TRUE(outcome.err.starts_with("tongs: ")) << outcome.err;
  }
  EXPECT_EQ(egress.connections(), 0);
  const Outcome clear_text = get_issue("http://10.0.0.1", {"--issue", "X-1"});
  EXPECT_EQ(clear_text.status, 2);
  EXPECT_NE(clear_text.err.find("only sent over https"), std::string::npos) << clear_text.err;
}

TEST(Api, NamesTheOptionThatAUserNeeds) {
  const Outcome outcome = get_issue("http://127.0.0.1:1", {"--issue", "X-1", "--as", "user"});
  EXPECT_NE(outcome.err.find("--as user needs --invocation"), std::string::npos) << outcome.err;
}

TEST(Api, EndsWithThreeWhateverAServerRefuses) {
  for (const auto* status : {"400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found",
                             "409 Conflict", "418 Teapot", "501 Not Implemented"}) {
    const auto egress = answering(status, R"({"errorMessages":["because"]})");
    const Outcome outcome = get_issue(egress.url(), {"--issue", "X-1"});
    EXPECT_EQ(outcome.status, 3) << status;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find("because"), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(get_issue("http://127.0.0.1:1", {"--issue", "X-1"}).status, 3);
}

TEST(Api, SaysInItsHelpWhatItEndsWith) {
  EXPECT_NE(kTongs.run({"api", "jira", "get-issue", "--help"}).out.find("Exit status"), std::string::npos);
}

}  // namespace
}  // namespace tongs
