#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/jwks.hpp>
#include <tongs/testing/scripted_transport.hpp>

#include "jose/rsa_public_key.hpp"
#include "support/observed_clock.hpp"
#include "support/queued_executor.hpp"
#include "unit/auth/issuer.hpp"

namespace tongs {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Gate;
using testing::ScriptedTransport;
using Answer = Result<std::shared_ptr<const jose::RsaPublicKey>>;

constexpr std::string_view kUrl = "https://keys.example.com/.well-known/jwks.json";

std::string said(const Answer& answer) {
  return answer ? "found" : std::string(to_string(answer.error().code()));
}

/// A source whose peer does what the test's script says. The limit of an attempt is so long that only a
/// test's own doing ends it.
class RemoteKeySourceTest : public ::testing::Test {
 protected:
  void make(JwksPolicy policy = {.fetch_timeout = minutes(1)},
            std::shared_ptr<Executor> background = nullptr) {
    source =
        RemoteKeySource::create(std::string(kUrl), transport, policy, clock, std::move(background)).value();
  }
  RemoteKeySourceTest() { make(); }

  void give_keys() { transport->answer(200, issuer().jwks()); }
  Answer ask(std::string_view kid, const CallOptions& call = {}) { return source->find(kid, call); }
  Answer ask_known(const CallOptions& call = {}) { return ask(issuer().kid(), call); }
  std::future<Answer> ask_on_a_thread(std::string kid, CallOptions call = {}) {
    return std::async(std::launch::async, [this, kid = std::move(kid), call] { return ask(kid, call); });
  }
  /// Blocks until as many decisions were taken and everybody who must wait does.
  void wait_for_decisions(std::size_t count) {
    clock->wait_for_readings(count);
    (void)source->status();  // takes the lock that the last one gives up when it waits
  }

  std::shared_ptr<ObservedClock> clock = std::make_shared<ObservedClock>();
  std::shared_ptr<ScriptedTransport> transport = std::make_shared<ScriptedTransport>();
  std::shared_ptr<RemoteKeySource> source;
};

TEST_F(RemoteKeySourceTest, FetchesWhenFirstAskedAndKeepsTheAnswer) {
  EXPECT_EQ(transport->count(), 0u);
  give_keys();
  EXPECT_EQ(said(ask_known()), "found");
  EXPECT_EQ(said(ask_known()), "found");
  ASSERT_EQ(transport->count(), 1u);
  EXPECT_EQ(transport->requests()[0].url, kUrl);
  EXPECT_EQ(transport->requests()[0].method, "GET");
  EXPECT_EQ(source->status().keys, 1u);
}

TEST_F(RemoteKeySourceTest, ManyWhoAskAtOnceShareOneRequest) {
  const Gate gate;
  transport->answer(200, issuer().jwks()).behind(gate);
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 8; ++i) answers.push_back(ask_on_a_thread(issuer().kid()));
  wait_for_decisions(8);
  Gate(gate).open();
  for (auto& answer : answers) EXPECT_EQ(said(answer.get()), "found");
  EXPECT_EQ(transport->count(), 1u);
}

TEST_F(RemoteKeySourceTest, ManyUnknownKidsShareOneRequest) {
  give_keys();
  ASSERT_TRUE(ask_known());
  const Gate gate;
  transport->answer(200, issuer().jwks()).behind(gate);
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 8; ++i) answers.push_back(ask_on_a_thread("made-up-" + std::to_string(i)));
  wait_for_decisions(10);
  EXPECT_EQ(said(ask_known()), "found") << "known keys do not wait for it";
  Gate(gate).open();
  for (auto& answer : answers) EXPECT_EQ(said(answer.get()), "key_unknown");
  EXPECT_EQ(transport->count(), 2u);
}

TEST_F(RemoteKeySourceTest, AWaiterWhoseDeadlineComesLeavesAlone) {
  Gate gate;
  transport->answer(200, issuer().jwks()).behind(gate);
  auto leader = ask_on_a_thread(issuer().kid());
  gate.wait_for_arrivals(1);
  EXPECT_EQ(said(ask_known({.deadline = std::chrono::steady_clock::now()})), "deadline_exceeded");
  gate.open();
  EXPECT_EQ(said(leader.get()), "found");
  EXPECT_EQ(transport->count(), 1u);
}

TEST_F(RemoteKeySourceTest, AWaiterWhoIsStoppedLeavesAlone) {
  Gate gate;
  transport->answer(200, issuer().jwks()).behind(gate);
  auto leader = ask_on_a_thread(issuer().kid());
  gate.wait_for_arrivals(1);
  std::stop_source stop;
  auto waiter = ask_on_a_thread(issuer().kid(), {.stop = stop.get_token()});
  wait_for_decisions(2);
  stop.request_stop();
  EXPECT_EQ(said(waiter.get()), "cancelled");
  gate.open();
  EXPECT_EQ(said(leader.get()), "found");
}

TEST_F(RemoteKeySourceTest, ALeaderWhoIsStoppedHandsOverToAWaiter) {
  const Gate never;
  transport->answer(200, issuer().jwks()).behind(never);
  give_keys();
  std::stop_source stop;
  auto leader = ask_on_a_thread(issuer().kid(), {.stop = stop.get_token()});
  never.wait_for_arrivals(1);
  auto waiter = ask_on_a_thread(issuer().kid());
  wait_for_decisions(2);
  stop.request_stop();
  EXPECT_EQ(said(leader.get()), "cancelled");
  EXPECT_EQ(said(waiter.get()), "found");
  EXPECT_EQ(transport->count(), 2u);
  EXPECT_EQ(source->status().failures, 0u);
}

TEST_F(RemoteKeySourceTest, ALeaderWhoseDeadlineComesIsNoFailureOfThePeer) {
  EXPECT_EQ(said(ask_known({.deadline = std::chrono::steady_clock::now()})), "deadline_exceeded");
  give_keys();
  EXPECT_EQ(said(ask_known()), "found");
}

TEST_F(RemoteKeySourceTest, AnAttemptThatRunsIntoItsOwnLimitIsAFailureOfThePeer) {
  transport->fail(Error(Errc::deadline_exceeded, "the peer is slow"));
  const Answer answer = ask_known();
  EXPECT_EQ(said(answer), "keys_unavailable");
  EXPECT_EQ(answer.error().cause()->code(), Errc::deadline_exceeded);
  EXPECT_EQ(said(ask_known()), "keys_unavailable");
  EXPECT_EQ(transport->count(), 1u);
}

TEST_F(RemoteKeySourceTest, ATransportThatStopsByItselfIsAFailure) {
  transport->fail(Error(Errc::cancelled, "the transport is shutting down"));
  EXPECT_EQ(said(ask_known()), "keys_unavailable");
}

TEST_F(RemoteKeySourceTest, AnAttemptGetsTheShorterOfTheTwoLimits) {
  std::vector<MonoTime> deadlines;
  transport->otherwise([&](const HttpRequest&, const CallOptions& call) -> Result<HttpResponse> {
    deadlines.push_back(call.deadline);
    return Error(Errc::transport_failed, "down");
  });
  const MonoTime before = std::chrono::steady_clock::now();
  (void)ask_known();
  clock->time.advance(seconds(30));
  (void)ask_known({.deadline = before + seconds(59)});
  ASSERT_EQ(deadlines.size(), 2u);
  EXPECT_GE(deadlines[0], before + minutes(1));
  EXPECT_LT(deadlines[0], MonoTime::max());
  EXPECT_EQ(deadlines[1], before + seconds(59));
}

TEST_F(RemoteKeySourceTest, ARedirectIsNotFollowed) {
  transport->answer(302, issuer().jwks(), {{"location", "https://evil.example/jwks.json"}});
  EXPECT_EQ(said(ask_known()), "keys_unavailable");
  EXPECT_EQ(transport->count(), 1u);
}

TEST_F(RemoteKeySourceTest, KnownKeysOutliveAnOutage) {
  give_keys();
  ASSERT_TRUE(ask_known());
  transport->otherwise([](const HttpRequest&, const CallOptions&) -> Result<HttpResponse> {
    return Error(Errc::transport_failed, "down");
  });
  for (int minute = 10; minute < 600; minute += 10) {
    clock->time.advance(minutes(10));
    EXPECT_EQ(said(ask_known()), "found") << minute;
    EXPECT_EQ(said(ask("unknown")), "keys_unavailable") << minute;
  }
  EXPECT_TRUE(source->status().stale);
  EXPECT_GT(source->status().failures, 0u);
}

TEST_F(RemoteKeySourceTest, AnExecutorTakesTheRefreshAheadOffTheCaller) {
  const auto executor = std::make_shared<QueuedExecutor>();
  make({.fetch_timeout = minutes(1)}, executor);
  give_keys();
  ASSERT_TRUE(ask_known());
  EXPECT_EQ(executor->waiting(), 0u) << "who has to wait for the keys fetches them";
  clock->time.advance(minutes(9));
  EXPECT_EQ(said(ask_known()), "found");
  EXPECT_EQ(said(ask_known()), "found");
  EXPECT_EQ(transport->count(), 1u);
  ASSERT_EQ(executor->waiting(), 1u);
  give_keys();
  executor->run();
  EXPECT_EQ(transport->count(), 2u);
  EXPECT_EQ(source->status().age, seconds(0));
}

TEST_F(RemoteKeySourceTest, ARefreshThatTheExecutorDropsIsTakenUpAgain) {
  const auto executor = std::make_shared<QueuedExecutor>();
  make({.fetch_timeout = minutes(1)}, executor);
  give_keys();
  ASSERT_TRUE(ask_known());
  clock->time.advance(minutes(9));
  ASSERT_TRUE(ask_known());
  executor->drop();
  ASSERT_TRUE(ask_known());
  EXPECT_EQ(executor->waiting(), 1u);
}

TEST_F(RemoteKeySourceTest, ARefreshThatTheExecutorNeverRunsBlocksNobodyForEver) {
  const auto executor = std::make_shared<QueuedExecutor>();
  make({.fetch_timeout = milliseconds(1)}, executor);
  give_keys();
  ASSERT_TRUE(ask_known());
  clock->time.advance(minutes(9));
  ASSERT_TRUE(ask_known());
  auto waiter = ask_on_a_thread("unknown");
  wait_for_decisions(4);
  give_keys();
  clock->time.advance(milliseconds(2));
  EXPECT_EQ(said(waiter.get()), "key_unknown");
  EXPECT_EQ(said(ask_known()), "found");
}

TEST_F(RemoteKeySourceTest, ASourceMayGoWhileItsRefreshIsQueued) {
  const auto executor = std::make_shared<QueuedExecutor>();
  make({.fetch_timeout = minutes(1)}, executor);
  give_keys();
  ASSERT_TRUE(ask_known());
  clock->time.advance(minutes(9));
  ASSERT_TRUE(ask_known());
  source.reset();
  give_keys();
  executor->run();
  EXPECT_EQ(transport->count(), 2u);
}

TEST_F(RemoteKeySourceTest, WithoutAnExecutorTheFinderRefreshesAndIsServedWhateverComesOfIt) {
  give_keys();
  ASSERT_TRUE(ask_known());
  clock->time.advance(minutes(9));
  transport->fail(Error(Errc::transport_failed, "down"));
  EXPECT_EQ(said(ask_known()), "found");
  EXPECT_EQ(transport->count(), 2u);
  clock->time.advance(seconds(30));
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_EQ(said(ask_known({.stop = stopped.get_token()})), "found");
}

TEST_F(RemoteKeySourceTest, PrefetchFetchesOnceAndSaysWhatCameOfIt) {
  transport->fail(Error(Errc::transport_failed, "down"));
  EXPECT_EQ(source->prefetch({}).error().code(), Errc::keys_unavailable);
  clock->time.advance(seconds(30));
  give_keys();
  EXPECT_TRUE(source->prefetch({}));
  EXPECT_TRUE(source->prefetch({}));
  EXPECT_EQ(said(ask_known()), "found");
  EXPECT_EQ(transport->count(), 2u);
}

TEST_F(RemoteKeySourceTest, PrefetchJoinsAFetchThatIsUnderWay) {
  Gate gate;
  transport->answer(200, issuer().jwks()).behind(gate);
  auto leader = ask_on_a_thread(issuer().kid());
  gate.wait_for_arrivals(1);
  EXPECT_EQ(source->prefetch({.deadline = std::chrono::steady_clock::now()}).error().code(),
            Errc::deadline_exceeded);
  auto waiter = std::async(std::launch::async, [&] { return source->prefetch({}).has_value(); });
  wait_for_decisions(3);
  gate.open();
  EXPECT_TRUE(waiter.get());
  EXPECT_EQ(said(leader.get()), "found");
  EXPECT_EQ(transport->count(), 1u);
}

TEST_F(RemoteKeySourceTest, IsMadeForHttpsOrThisMachineOnly) {
  const auto made = [&](std::string url) {
    return RemoteKeySource::create(std::move(url), transport).has_value();
  };
  for (const char* const good :
       {kProductionJwksUrl.data(), kStagingJwksUrl.data(), "http://127.0.0.1:8080/jwks.json",
        "http://localhost/jwks.json", "http://[::1]:1/jwks.json"}) {
    EXPECT_TRUE(made(good)) << good;
  }
  for (const char* const bad :
       {"", "jwks.json", "http://keys.example.com/jwks.json", "ftp://127.0.0.1/jwks.json",
        "file:///etc/jwks.json", "http://127.0.0.1.evil.example/", "https://"}) {
    EXPECT_FALSE(made(bad)) << bad;
  }
}

TEST_F(RemoteKeySourceTest, IsMadeOnlyWithWhatItNeeds) {
  EXPECT_EQ(RemoteKeySource::create(std::string(kUrl), nullptr).error().code(), Errc::invalid_argument);
  EXPECT_EQ(RemoteKeySource::create(std::string(kUrl), transport, {}, nullptr).error().code(),
            Errc::invalid_argument);
  EXPECT_EQ(RemoteKeySource::create(std::string(kUrl), transport, {.max_keys = 0}).error().code(),
            Errc::invalid_argument);
}

}  // namespace

}  // namespace tongs
