// Backends that refuse, leave, break or stand still at every byte of an answer.

#include <atomic>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

#include <gtest/gtest.h>

#include "faults/gateway/door_with_faults.hpp"
#include "support/loopback_server.hpp"
#include "support/replaced.hpp"

namespace tongs::test {

namespace {

/// Answers every request with its method and target, on connections that stay; what is asked for `/faulty`
/// meets the fault instead, and that connection ends.
class FaultyBackend {
 public:
  using Fault = std::function<void(Connection&)>;

  FaultyBackend() : server_([this](Connection& connection) { serve(connection); }) {}

  std::uint16_t port() const { return server_.port(); }
  void fail_with(Fault fault) {
    const std::lock_guard hold(mutex_);
    fault_ = std::move(fault);
  }
  /// How often `/faulty` was asked for since the last call.
  int take_questions() { return questions_.exchange(0); }

 private:
  void serve(Connection& connection) {
    for (std::string head; !(head = connection.read_head()).empty();) {
      const std::string asked = head.substr(0, head.find(" HTTP/"));
      if (asked.ends_with("/faulty")) {
        ++questions_;
        return fault()(connection);
      }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(asked.size()) + "\r\n\r\n" +
                       asked);
    }
  }
  Fault fault() {
    const std::lock_guard hold(mutex_);
    return fault_;
  }

  std::mutex mutex_;
  Fault fault_;
  std::atomic<int> questions_ = 0;
  LoopbackServer server_;
};

void leave(Connection& connection, bool by_reset) {
  if (by_reset) connection.reset();
}

class BackendFaults : public ::testing::Test {
 protected:
  /// What a caller gets who asks for it, and whether he can tell how it ended.
  struct Outcome {
    wire::Message answer;
    End end = End::open;
  };
  static Outcome outcome_of(const DoorWithFaults& door, const std::string& request) {
    Caller caller(door.port());
    Outcome outcome{caller.say(request).hear_answer(), End::open};
    if (outcome.answer.state != wire::State::whole) outcome.end = caller.end();
    return outcome;
  }

  FaultyBackend backend_;
};

const std::string kByLength = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const std::string kByChunks =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
const std::string kByEnd = "HTTP/1.1 200 OK\r\n\r\nhello";

/// An answer that breaks off: its bytes, by a reset or in order, for a caller of which version.
class BrokenAnswers : public BackendFaults,
                      public ::testing::WithParamInterface<std::tuple<std::string, bool, const char*>> {};

TEST_P(BrokenAnswers, NeverLookWhole) {
  const auto& [whole, by_reset, version] = GetParam();
  const std::size_t head = whole.find("\r\n\r\n") + 4;
  const DoorWithFaults door(backend_.port());
  for (std::size_t place = 0; place < whole.size(); ++place) {
    SCOPED_TRACE(place);
    backend_.fail_with([part = whole.substr(0, place), reset = by_reset](Connection& connection) {
      connection.write(part);
      leave(connection, reset);
    });
    ASSERT_EQ(door.ask("/fill").status(), 200);  // a connection in the pool, for the next one to break
    const auto failures = door.failures();
    const auto [answer, end] = outcome_of(door, door.get("/faulty", version));
    EXPECT_NE(end, End::silent);
    if (place >= head && whole == kByEnd && !by_reset) {
      EXPECT_EQ(answer.state, wire::State::whole) << "who ends an answer by its end has ended it";
      EXPECT_EQ(answer.body, whole.substr(head, place - head));
      continue;
    }
    if (answer.status() == 502) {
      EXPECT_TRUE(place < head || by_reset) << "what came of the answer is lost";
      EXPECT_EQ(answer.state, wire::State::whole) << answer.raw;
    } else {
      EXPECT_GE(place, head) << answer.raw;
      EXPECT_EQ(answer.status(), 200) << answer.raw;
      EXPECT_EQ(answer.state, wire::State::partial) << "it looks whole:\n" << answer.raw;
    }
    EXPECT_EQ(door.failures() - failures, 1U);
    const int questions = backend_.take_questions();
    EXPECT_LE(questions, place == 0 || by_reset ? 2 : 1)
        << "only who said nothing may be asked again, and once";
    EXPECT_GE(questions, place == 0 ? 2 : 1);
  }
  door.expect_sound();
}

std::string name_of(const ::testing::TestParamInfo<BrokenAnswers::ParamType>& test) {
  const auto& [whole, by_reset, version] = test.param;
  const std::string framing = whole == kByLength ? "by_length" : whole == kByChunks ? "by_chunks" : "by_end";
  const std::string caller = version == std::string("1.1") ? "_for_1_1" : "_for_1_0";
  return framing + (by_reset ? "_reset" : "_closed") + caller;
}

INSTANTIATE_TEST_SUITE_P(Faults, BrokenAnswers,
                         ::testing::Combine(::testing::Values(kByLength, kByChunks, kByEnd),
                                            ::testing::Bool(), ::testing::Values("1.1", "1.0")),
                         name_of);

TEST_F(BackendFaults, ARequestThatMayHaveWorkedIsNotSentAgain) {
  const DoorWithFaults door(backend_.port());
  for (const bool by_reset : {false, true}) {
    backend_.fail_with([by_reset](Connection& connection) { leave(connection, by_reset); });
    for (const std::string& body : {std::string(), std::string("hello")}) {
      ASSERT_EQ(door.ask("/fill").status(), 200);  // so that the connection is one that was used before
      const auto [answer, end] = outcome_of(door, door.post("/faulty", body));
      EXPECT_EQ(answer.status(), 502) << answer.raw;
      EXPECT_EQ(backend_.take_questions(), 1);
    }
  }
  door.expect_sound();
}

TEST_F(BackendFaults, SilenceIsAnsweredWith504) {
  const DoorWithFaults door(backend_.port(), "backend_timeout = \"100ms\"\n");
  backend_.fail_with([](Connection& connection) { connection.wait_for_close(); });
  for (const std::string& request : {door.get("/faulty"), door.post("/faulty", "hello")}) {
    const auto failures = door.failures();
    const auto [answer, end] = outcome_of(door, request);
    EXPECT_EQ(answer.status(), 504) << answer.raw;
    EXPECT_EQ(backend_.take_questions(), 1);
    EXPECT_EQ(door.failures() - failures, 1U);
  }
  door.expect_sound();
}

TEST_F(BackendFaults, AHeadThatStandsStillIsAnsweredWith504) {
  const DoorWithFaults door(backend_.port(), "backend_timeout = \"100ms\"\n");
  for (const std::string part : {"H", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 100 Continue\r\n\r\n"}) {
    backend_.fail_with([part](Connection& connection) {
      connection.write(part);
      connection.wait_for_close();
    });
    EXPECT_EQ(outcome_of(door, door.get("/faulty")).answer.status(), 504) << part;
  }
  door.expect_sound();
}

TEST_F(BackendFaults, ABodyThatStandsStillIsCutShort) {
  const DoorWithFaults door(backend_.port(), "stall_time = \"100ms\"\n");
  for (const std::string& whole : {kByLength, kByChunks, kByEnd}) {
    backend_.fail_with([part = whole.substr(0, whole.size() - 2)](Connection& connection) {
      connection.write(part);
      connection.wait_for_close();
    });
    for (const char* const version : {"1.1", "1.0"}) {
      const auto failures = door.failures();
      const auto [answer, end] = outcome_of(door, door.get("/faulty", version));
      EXPECT_EQ(answer.status(), 200) << answer.raw;
      EXPECT_EQ(answer.state, wire::State::partial) << "it looks whole:\n" << answer.raw;
      EXPECT_NE(end, End::silent);
      EXPECT_EQ(door.failures() - failures, 1U);
    }
  }
  door.expect_sound();
}

TEST_F(BackendFaults, ARequestThatNobodyReadsIsAnsweredWith504) {
  const DoorWithFaults door(backend_.port(), "stall_time = \"100ms\"\n");
  std::promise<void> over;
  backend_.fail_with([done = over.get_future().share()](Connection&) { done.wait(); });
  const auto [answer, end] =
      outcome_of(door, door.post("/faulty", std::string(std::size_t{15} * 1024 * 1024, 'x')));
  EXPECT_EQ(answer.status(), 504) << answer.raw;
  over.set_value();
  door.expect_sound();
}

TEST_F(BackendFaults, AnAnswerBeforeTheRequestIsReadIsPassedOn) {
  const DoorWithFaults door(backend_.port());
  backend_.fail_with([](Connection& connection) {  // closes with bytes unread: a reset
    connection.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno!");
  });
  const auto [answer, end] =
      outcome_of(door, door.post("/faulty", std::string(std::size_t{15} * 1024 * 1024, 'x')));
  EXPECT_EQ(answer.status(), 413) << answer.raw;
  EXPECT_EQ(answer.body, "no!");
  door.expect_sound();
}

TEST_F(BackendFaults, ABackendThatIsNotThereIsAnsweredWith502) {
  const DoorWithFaults door(backend_.port());
  std::uint16_t nobody = 0;
  {
    const LoopbackServer gone([](Connection&) {});
    nobody = gone.port();
  }
  const FrontDoor shut(nobody);
  const std::string request = "POST /a HTTP/1.1\r\n" + shut.credentials() + "Content-Length: 5\r\n\r\nhello";
  for (int i = 1; i <= 3; ++i) {
    Caller caller(shut.port());
    const auto answer = caller.say(request + request).hear_answer();
    EXPECT_EQ(answer.status(), 502) << answer.raw;
    EXPECT_EQ(caller.hear_answer().status(), 502) << "the connection stays in step";
    EXPECT_EQ(shut.metric("tongs_ingress_backend_failures_total"), 2U * static_cast<unsigned>(i));
  }
}

}  // namespace

}  // namespace tongs::test
