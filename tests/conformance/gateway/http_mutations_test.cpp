// Valid requests, damaged at random where parsers differ. Whatever the gateway makes of one, it must be what
// the strict reader makes of the same bytes, or a refusal.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/forwarded.hpp"
#include "support/front_door.hpp"
#include "support/recorder.hpp"

namespace tongs::test {

namespace {

constexpr std::uint64_t kMutations = 2000;
/// Stands for the lines of Host and Authorization: one byte, so that damage falls on what is around them.
constexpr char kCredentials = '\x01';

constexpr std::array<std::string_view, 10> kValid = {
    "GET /a?b=c HTTP/1.1\r\n\x01X: y\r\n\r\n",
    "POST /a HTTP/1.1\r\nContent-Length: 5\r\n\x01\r\nhello",
    "POST /a HTTP/1.1\r\n\x01Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n",
    "POST /a HTTP/1.1\r\n\x01"
    "Content-Length: 12\r\n\r\n0\r\n\r\nGET / H\r\nGET /b HTTP/1.1\r\n\x01\r\n",
    "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\x01\r\n3\r\nabc\r\n0\r\n\r\nGET /b "
    "HTTP/1.1\r\n\x01\r\n",
    "POST /a HTTP/1.0\r\n\x01"
    "Connection: keep-alive\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.0\r\n\x01\r\n",
    "POST /a HTTP/1.1\r\n\x01"
    "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\n\x01\r\n",
    "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\n\x01\r\n",
    "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nGET /b "
    "HTTP/1.1\r\n\x01\r\n",
    "GET /a HTTP/1.1\r\n\x01"
    "Connection: x-hop, keep-alive\r\nX-Hop: 1\r\nForge_Account_Id: 2\r\nForge-Account-Id: 3\r\n\r\n"};

constexpr std::array<std::string_view, 40> kNasty = {"\r",
                                                     "\n",
                                                     "\r\n",
                                                     "\r\n\r\n",
                                                     "\n\n",
                                                     "\r\r\n",
                                                     ":",
                                                     " ",
                                                     "\t",
                                                     "\v",
                                                     ",",
                                                     ";",
                                                     "\"",
                                                     "0",
                                                     "1",
                                                     "5",
                                                     "9",
                                                     "a",
                                                     "f",
                                                     "-",
                                                     "+",
                                                     "_",
                                                     "/",
                                                     "#",
                                                     "\x7f",
                                                     "\x80",
                                                     "\xff",
                                                     "0x",
                                                     "chunked",
                                                     ", chunked",
                                                     "HTTP/1.1",
                                                     "HTTP/1.0",
                                                     "Content-Length: 5\r\n",
                                                     "Content-Length: 0\r\n",
                                                     "Transfer-Encoding: chunked\r\n",
                                                     "Transfer_Encoding: chunked\r\n",
                                                     "Connection: close\r\n",
                                                     "0\r\n\r\n",
                                                     "GET /c HTTP/1.1\r\nHost: x\r\n\r\n",
                                                     "GET /c HTTP/1.1\r\n\x01\r\n"};

class Damage {
 public:
  explicit Damage(std::uint64_t seed) : random_(seed) {}

  std::string done() {
    std::string text(kValid[below(kValid.size())]);
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) edit(text);
    return text;
  }

 private:
  std::size_t below(std::size_t end) { return random_() % end; }

  void edit(std::string& text) {
    const std::size_t place = below(text.size() + 1);
    switch (below(4)) {
      case 0:
        text.insert(place, nasty());
        break;
      case 1:
        text.erase(place, 1 + below(3));
        break;
      case 2:
        text.insert(place, text.substr(place, 1 + below(24)));
        break;
      default:
        text.replace(place, 1, nasty());
    }
  }

  /// One of them, or NUL, which no literal holds.
  std::string nasty() {
    const std::size_t number = below(kNasty.size() + 1);
    return number == kNasty.size() ? std::string(1, '\0') : std::string(kNasty[number]);
  }

  std::mt19937_64 random_;
};

/// What the strict reader finds, up to what is no request.
std::vector<wire::Message> requests_in(std::string_view bytes) {
  std::vector<wire::Message> all;
  for (auto next = wire::read_request(bytes); next.state == wire::State::whole;
       next = wire::read_request(bytes)) {
    bytes.remove_prefix(next.raw.size());
    all.push_back(std::move(next));
  }
  return all;
}

class HttpMutations : public ::testing::Test {
 protected:
  /// Statuses of the answers.
  std::vector<int> play(const std::string& text) {
    const std::string bytes = with_credentials(text);
    const auto accepted_before = door_.accepted();
    Caller caller(door_.port());
    caller.say(bytes).finish();
    const auto answers = hear_all(caller);
    const auto seen = take_whole_requests();
    const auto accepted = door_.accepted() - accepted_before;

    const auto sent = requests_in(bytes);
    std::size_t passed = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const auto& answer = answers[i];
      if (i >= sent.size()) {
        EXPECT_GE(answer.status(), 400) << "what is no request was answered" << answer.raw;
        EXPECT_EQ(i + 1, answers.size()) << "something was read behind what is no request";
      }
      if (answer.status() != 200) continue;
      EXPECT_LT(passed, seen.size()) << "an answer of nobody";
      if (passed >= seen.size()) break;
      expect_same(sent.at(i), seen[passed]);
      EXPECT_EQ(answer.body, seen[passed].method() + ' ' + seen[passed].target());
      ++passed;
    }
    EXPECT_EQ(passed, seen.size()) << "a backend saw what nobody was told about";
    passed_ += passed;
    refused_ += answers.size() - passed;
    const bool last_refused = !answers.empty() && answers.back().status() >= 400;
    EXPECT_GE(accepted, passed) << "a backend saw something without a verdict";
    EXPECT_LE(accepted, passed + (last_refused ? 1 : 0)) << "a verdict came to nothing";
    std::vector<int> statuses;
    for (const auto& answer : answers) statuses.push_back(answer.status());
    return statuses;
  }

  void check_requests_that_were_cut() {
    door_.shut();
    recorder_.stop();
    for (const auto& request : take_whole_requests()) ADD_FAILURE() << "too late: " << request.raw;
    for (const auto& request : cut_) EXPECT_EQ(request.state, wire::State::partial) << request.raw;
    EXPECT_GT(std::min(passed_, refused_), kMutations / 5) << "is this damage of any use?";
  }

 private:
  std::string with_credentials(const std::string& damaged) const {
    std::string bytes;
    for (const char byte : damaged)
      bytes += byte == kCredentials ? door_.credentials() : std::string(1, byte);
    return bytes;
  }

  /// The final answers, all of them whole.
  static std::vector<wire::Message> hear_all(Caller& caller) {
    std::vector<wire::Message> answers;
    for (;;) {
      auto answer = caller.hear_answer();
      EXPECT_NE(caller.end(), End::silent) << "it hangs";
      if (answer.raw.empty()) return answers;
      EXPECT_EQ(answer.state, wire::State::whole) << answer.complaint << answer.raw;
      if (answer.state != wire::State::whole) return answers;
      if (answer.status() >= 200) answers.push_back(std::move(answer));
    }
  }

  std::vector<wire::Message> take_whole_requests() {
    std::vector<wire::Message> whole;
    for (auto& request : recorder_.take()) {
      EXPECT_EQ(fault_in_forwarded(request), "") << request.raw;
      (request.state == wire::State::whole ? whole : cut_).push_back(std::move(request));
    }
    return whole;
  }

  static void expect_same(const wire::Message& sent, const wire::Message& seen) {
    EXPECT_EQ(seen.method(), sent.method());
    EXPECT_EQ(seen.target(), sent.target());
    EXPECT_EQ(seen.body, sent.body);
    EXPECT_EQ(seen.framing == "chunked", sent.framing == "chunked");
  }

  Recorder recorder_;
  FrontDoor door_{recorder_.port()};
  std::vector<wire::Message> cut_;
  std::size_t passed_ = 0, refused_ = 0;
};

TEST_F(HttpMutations, BeginWithRequestsThatAreFine) {
  for (const std::string_view valid : kValid) {
    SCOPED_TRACE(valid);
    const bool stranger = valid.find(kCredentials) > valid.find("\r\n\r\n");
    const bool two = valid.find("GET /b") != std::string_view::npos;
    const std::vector<int> expected = stranger ? std::vector{401, 200} : std::vector<int>(two ? 2 : 1, 200);
    EXPECT_EQ(play(std::string(valid)), expected);
  }
}

/// `TONGS_FIRST_SEED` makes other ones than usual.
TEST_F(HttpMutations, AreReadAsTheStrictReaderReadsThemOrRefused) {
  const char* const first = std::getenv("TONGS_FIRST_SEED");
  const std::uint64_t begin = first ? std::stoull(first) : 0;
  for (std::uint64_t seed = begin; seed < begin + kMutations && !HasFailure(); ++seed) {
    const std::string damaged = Damage(seed).done();
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + ::testing::PrintToString(damaged));
    play(damaged);
  }
  check_requests_that_were_cut();
}

}  // namespace

}  // namespace tongs::test
