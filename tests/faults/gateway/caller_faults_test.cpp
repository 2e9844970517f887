// Callers that leave, break or stand still at every byte of a request and of its answer.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "faults/gateway/door_with_faults.hpp"
#include "support/forwarded.hpp"
#include "support/recorder.hpp"

namespace tongs::test {

namespace {

/// More than the system takes of an answer that nobody reads.
const std::string& large_body() {
  static const std::string text(std::size_t{16} * 1024 * 1024 - 1024, 'x');
  return text;
}
std::string large_answer() {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(large_body().size()) + "\r\n\r\n" +
         large_body();
}

class CallerFaults : public ::testing::Test {
 protected:
  /// Every place to break `text` at, but not each one within the token.
  std::vector<std::size_t> places_in(const std::string& text, const DoorWithFaults& door) const {
    const std::size_t token = text.find(door.door().token()), end = token + door.door().token().size();
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i <= text.size(); i += i > token && i + 97 < end ? 97 : 1) places.push_back(i);
    return places;
  }

  /// What the backend saw besides the requests for `/first` and `/sound`.
  std::vector<wire::Message> seen() {
    auto all = backend_.take();
    std::erase_if(all,
                  [](const auto& each) { return each.target() == "/first" || each.target() == "/sound"; });
    for (const auto& each : all) EXPECT_EQ(fault_in_forwarded(each), "") << each.raw;
    return all;
  }

  Recorder backend_;
};

TEST_F(CallerFaults, ARequestThatIsResetAtAnyByteComesToNothing) {
  const DoorWithFaults door(backend_.port());
  for (const std::string& request :
       {door.post("/a", "hello"),
        door.request("POST /a HTTP/1.1",
                     "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n")}) {
    for (const std::size_t place : places_in(request, door)) {
      if (place < request.size()) Caller(door.port()).say(request.substr(0, place)).reset();
    }
    door.expect_sound();
    for (const auto& each : seen()) EXPECT_EQ(each.state, wire::State::partial) << each.raw;
  }
  EXPECT_EQ(door.failures(), 0U) << "the backend did nothing wrong";
}

TEST_F(CallerFaults, ARequestThatEndsAtAnyByteComesToNothing) {
  const DoorWithFaults door(backend_.port());
  const std::string request = door.post("/a", "hello");
  for (const std::size_t place : places_in(request, door)) {
    Caller caller(door.port());
    const auto answer = caller.say(request.substr(0, place)).finish().hear_answer();
    const bool has_head = place >= request.size() - 5;
    EXPECT_EQ(answer.status(), place == request.size() ? 200 : has_head ? 400 : 0) << place << answer.raw;
    EXPECT_NE(caller.end(), End::silent) << place;
  }
  door.expect_sound();
  const auto requests = seen();
  EXPECT_EQ(std::ranges::count(requests, wire::State::whole, &wire::Message::state), 1);
}

TEST_F(CallerFaults, AnAnswerMayBeResetAtAnyByte) {
  const DoorWithFaults door(backend_.port());
  const std::string request = door.get("/a");
  const std::size_t size = Caller(door.port()).say(request).hear_answer().raw.size();
  for (std::size_t place = 1; place <= size; ++place) {
    Caller caller(door.port());
    EXPECT_EQ(caller.say(request).hear(place).size(), place);
    caller.reset();
  }
  door.expect_sound();
  for (int i = 0; i < 50; ++i)
    Caller(door.port()).say(request).reset();  // several at a time: more connections
  EXPECT_EQ(door.ask("/b").body, "GET /b");
  EXPECT_EQ(door.failures(), 0U) << "the backend did nothing wrong";
}

TEST_F(CallerFaults, ALongAnswerMayBeResetAnywhere) {
  const DoorWithFaults door(backend_.port());
  backend_.answer(large_answer(), false);
  for (std::size_t place = 1; place < large_body().size(); place += std::size_t{2} * 1024 * 1024) {
    Caller caller(door.port());
    EXPECT_EQ(caller.say(door.get("/a")).hear(place).size(), place);
    caller.reset();
  }
  backend_.answer_as_usual();
  door.expect_sound();
  EXPECT_EQ(door.failures(), 0U) << "the backend did nothing wrong";
}

TEST_F(CallerFaults, AHeadThatStandsStillIsAnsweredWith408) {
  const DoorWithFaults door(backend_.port(), "head_time = \"100ms\"\n");
  const std::string request = door.get("/a");
  for (const std::size_t place : {std::size_t{1}, request.size() / 2, request.size() - 1}) {
    Caller caller(door.port());
    const auto answer = caller.say(request.substr(0, place)).hear_answer();
    EXPECT_EQ(answer.status(), 408) << answer.raw;
    EXPECT_EQ(caller.hear_all(), "");
    EXPECT_EQ(caller.end(), End::closed);
  }
  door.expect_sound();
  EXPECT_TRUE(seen().empty());
}

TEST_F(CallerFaults, ABodyThatStandsStillIsAnsweredWith408) {
  const DoorWithFaults door(backend_.port(), "stall_time = \"100ms\"\n");
  const std::string request = door.post("/a", "hello");
  for (const std::size_t missing : {1U, 3U, 5U}) {
    Caller caller(door.port());
    const auto answer = caller.say(request.substr(0, request.size() - missing)).hear_answer();
    EXPECT_EQ(answer.status(), 408) << answer.raw;
    EXPECT_EQ(caller.hear_all(), "");
    EXPECT_EQ(caller.end(), End::closed);
  }
  door.expect_sound();
  for (const auto& each : seen()) EXPECT_EQ(each.state, wire::State::partial) << each.raw;
}

TEST_F(CallerFaults, AnIdleConnectionEnds) {
  const DoorWithFaults door(backend_.port(), "idle_time = \"100ms\"\n");
  Caller silent(door.port()), answered(door.port());
  EXPECT_EQ(answered.say(door.get("/a")).hear_answer().status(), 200);
  for (Caller* caller : {&silent, &answered}) {
    EXPECT_EQ(caller->hear_all(), "");
    EXPECT_EQ(caller->end(), End::closed);
    caller->close();
  }
  door.expect_sound();
}

TEST_F(CallerFaults, AnAnswerThatNobodyReadsIsGivenUp) {
  const DoorWithFaults door(backend_.port(), "stall_time = \"100ms\"\n");
  backend_.answer(large_answer(), false);
  Caller caller(door.port());
  caller.say(door.get("/a"));
  const std::string begin = caller.hear(1);  // and nobody reads on
  backend_.answer_as_usual();
  door.expect_sound(1);
  const std::string heard = begin + caller.hear_all();
  EXPECT_EQ(wire::read_answer(heard, false, true).state, wire::State::partial) << "it must look cut short";
}

}  // namespace

}  // namespace tongs::test
