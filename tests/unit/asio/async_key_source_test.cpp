#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <tongs/asio.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "unit/asio/support.hpp"

namespace tongs {
namespace {

using namespace std::chrono_literals;
using testing::FakeClock;
using Answer = Result<std::shared_ptr<const jose::RsaPublicKey>>;
using KeyCall = Call<Answer>;
using PrefetchCall = Call<Result<void>>;

constexpr std::string_view kUrl = "https://keys.example.com/.well-known/jwks.json";

/// One issuer for all tests of the process; making a key takes a while.
const testing::TestIssuer& issuer() {
  static const auto* const made = new testing::TestIssuer;
  return *made;
}

template <class T>
std::string_view said(const Result<T>& answer) {
  return answer ? "found" : to_string(answer.error().code());
}

class AsyncKeySourceTest : public ::testing::Test {
 protected:
  AsyncKeySource make(JwksPolicy policy = {}) {
    return AsyncKeySource::create(loop_.context, std::string(kUrl), transport_, policy, clock_).value();
  }
  void give_keys() { transport_->script.answer(200, issuer().jwks()); }
  KeyCall call(AsyncKeySource& source, std::string kid = issuer().kid(), MonoTime deadline = kNever) {
    return KeyCall(loop_, source.find(std::move(kid), deadline));
  }
  Answer ask(AsyncKeySource& source, std::string kid = issuer().kid(), MonoTime deadline = kNever) {
    const KeyCall asked = call(source, std::move(kid), deadline);
    loop_.run();
    return asked.result();
  }
  Result<void> prefetch(AsyncKeySource& source, MonoTime deadline = kNever) {
    const PrefetchCall asked(loop_, source.prefetch(deadline));
    loop_.run();
    return asked.result();
  }
  /// The next request is answered when this gate opens.
  AsyncGate hold_next() {
    AsyncGate gate(loop_.context);
    transport_->gates.add(gate);
    return gate;
  }
  void open(const AsyncGate& gate) {
    gate.open();
    loop_.run();
  }

  HandDriven loop_;
  std::shared_ptr<AsyncScriptedTransport> transport_ = std::make_shared<AsyncScriptedTransport>();
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
};

TEST_F(AsyncKeySourceTest, FetchesWhenFirstAskedAndKeepsTheAnswer) {
  give_keys();
  AsyncKeySource source = make();
  loop_.run();
  EXPECT_EQ(transport_->asked(), 0u);
  const auto key = ask(source);
  ASSERT_TRUE(key);
  EXPECT_EQ(*ask(source), *key);
  ASSERT_EQ(transport_->asked(), 1u);
  EXPECT_EQ(transport_->script.requests().at(0).url, kUrl);
  EXPECT_EQ(source.status().keys, 1u);
}

TEST_F(AsyncKeySourceTest, AnAttemptHasATimeOutOfItsOwn) {
  give_keys();
  AsyncKeySource source = make({.fetch_timeout = 3s});
  ASSERT_TRUE(ask(source));
  EXPECT_EQ(transport_->deadlines.at(0), clock_->mono_now() + 3s);
}

Task<bool> found_without_a_turn(HandDriven& loop, AsyncKeySource& source) {
  bool others_ran = false;
  boost::asio::post(loop.context, [&] { others_ran = true; });
  const auto key = co_await source.find(issuer().kid(), kNever);
  co_return key.has_value() && !others_ran;
}

TEST_F(AsyncKeySourceTest, AKnownKeyDoesNotGiveUpTheThread) {
  give_keys();
  AsyncKeySource source = make();
  ASSERT_TRUE(ask(source));
  const Call<bool> known(loop_, found_without_a_turn(loop_, source));
  loop_.run();
  EXPECT_TRUE(known.result());
}

Task<bool> resumes_on(HandDriven& loop, AsyncKeySource& source) {
  const auto key = co_await source.find(issuer().kid(), kNever);
  co_return key.has_value() && loop.context.get_executor().running_in_this_thread();
}

TEST_F(AsyncKeySourceTest, AWaiterGoesOnInItsContextAndNotInTheHandsOfWhoeverAnswers) {
  give_keys();
  AsyncKeySource source = make();
  const AsyncGate gate = hold_next();
  const Call<bool> waiter(loop_, resumes_on(loop_, source));
  loop_.run();
  gate.open();
  EXPECT_FALSE(waiter.ended());
  loop_.run();
  EXPECT_TRUE(waiter.result());
}

TEST_F(AsyncKeySourceTest, ManyWhoAskAtOnceShareOneRequest) {
  give_keys();
  AsyncKeySource source = make();
  const AsyncGate gate = hold_next();
  const KeyCall unknown = call(source, "unknown");
  std::vector<KeyCall> calls;
  for (int i = 0; i < 50; ++i) calls.push_back(call(source));
  loop_.run();
  EXPECT_EQ(transport_->asked(), 1u);
  open(gate);
  for (const KeyCall& each : calls) EXPECT_EQ(said(each.result()), "found");
  EXPECT_EQ(said(unknown.result()), "key_unknown");
  EXPECT_EQ(transport_->asked(), 1u);
}

TEST_F(AsyncKeySourceTest, AnUnknownKidCausesOneRequestPerCooldown) {
  give_keys();
  give_keys();
  AsyncKeySource source = make();
  ASSERT_TRUE(ask(source));
  EXPECT_EQ(said(ask(source, "made-up")), "key_unknown");
  EXPECT_EQ(said(ask(source, "made-up-too")), "key_unknown");
  EXPECT_EQ(transport_->asked(), 2u);
}

TEST_F(AsyncKeySourceTest, AnErrorIsGivenToEveryWaiterAndUntilTheCooldownIsOver) {
  transport_->script.fail(Error(Errc::transport_failed, "down"));
  AsyncKeySource source = make();
  const AsyncGate gate = hold_next();
  const KeyCall one = call(source);
  const KeyCall other = call(source);
  loop_.run();
  open(gate);
  for (const KeyCall* each : {&one, &other}) {
    ASSERT_EQ(said(each->result()), "keys_unavailable");
    EXPECT_TRUE(each->result().error().retry_after());
    EXPECT_EQ(each->result().error().cause()->code(), Errc::transport_failed);
  }
  EXPECT_EQ(said(ask(source)), "keys_unavailable");
  EXPECT_EQ(transport_->asked(), 1u);
  clock_->advance(30s);
  give_keys();
  EXPECT_EQ(said(ask(source)), "found");
}

TEST_F(AsyncKeySourceTest, AnAttemptEndsEvenIfTheTransportThrows) {
  transport_->script.run(
      [](const HttpRequest&, const CallOptions&) -> Result<HttpResponse> { throw std::bad_alloc(); });
  AsyncKeySource source = make();
  const AsyncGate gate = hold_next();
  const KeyCall one = call(source);
  const KeyCall other = call(source);
  loop_.run();
  open(gate);
  EXPECT_EQ(said(one.result()), "keys_unavailable");
  EXPECT_EQ(said(other.result()), "keys_unavailable");
  EXPECT_EQ(source.status().failures, 1u);
}

TEST_F(AsyncKeySourceTest, AWaiterWhoseDeadlineComesLeavesAlone) {
  give_keys();
  AsyncKeySource source = make();
  const AsyncGate gate = hold_next();
  const KeyCall leader = call(source);
  loop_.run();
  EXPECT_EQ(said(ask(source, issuer().kid(), kLongAgo)), "deadline_exceeded");
  EXPECT_EQ(said(prefetch(source, kLongAgo)), "deadline_exceeded");
  EXPECT_FALSE(leader.ended());
  open(gate);
  EXPECT_EQ(said(leader.result()), "found");
}

TEST_F(AsyncKeySourceTest, AWaiterWhoIsCancelledLeavesAlone) {
  give_keys();
  AsyncKeySource source = make();
  const AsyncGate gate = hold_next();
  const KeyCall leader = call(source);
  KeyCall leaves = call(source);
  PrefetchCall leaves_too(loop_, source.prefetch(kNever));
  loop_.run();
  leaves.cancel();
  leaves_too.cancel();
  loop_.run();
  EXPECT_EQ(said(leaves.result()), "cancelled");
  EXPECT_EQ(said(leaves_too.result()), "cancelled");
  EXPECT_FALSE(leader.ended());
  open(gate);
  EXPECT_EQ(said(leader.result()), "found");
}

TEST_F(AsyncKeySourceTest, WhenTheLeaderIsCancelledTheRequestGoesOn) {
  give_keys();
  AsyncKeySource source = make();
  const AsyncGate gate = hold_next();
  KeyCall leader = call(source);
  const KeyCall waiter = call(source);
  loop_.run();
  leader.cancel();
  loop_.run();
  EXPECT_EQ(said(leader.result()), "cancelled");
  open(gate);
  EXPECT_EQ(said(waiter.result()), "found");
  EXPECT_EQ(source.status().failures, 0u) << "his leaving is no failure of the peer";
  EXPECT_EQ(transport_->asked(), 1u);
}

TEST_F(AsyncKeySourceTest, NobodyWaitsForARefreshAhead) {
  give_keys();
  give_keys();
  AsyncKeySource source = make();
  ASSERT_TRUE(ask(source));
  clock_->advance(9min + 30s);
  const AsyncGate gate = hold_next();
  EXPECT_EQ(said(ask(source)), "found");
  EXPECT_EQ(said(ask(source)), "found");
  EXPECT_EQ(transport_->asked(), 2u);
  EXPECT_EQ(source.status().age, 9min + 30s);
  open(gate);
  EXPECT_EQ(source.status().age, 0s);
}

TEST_F(AsyncKeySourceTest, KnownKeysOutliveAnOutage) {
  give_keys();
  transport_->script.otherwise([](const HttpRequest&, const CallOptions&) -> Result<HttpResponse> {
    return Error(Errc::transport_failed, "down");
  });
  AsyncKeySource source = make();
  ASSERT_TRUE(ask(source));
  clock_->advance(1h);
  EXPECT_EQ(said(ask(source)), "found");
  EXPECT_TRUE(source.status().stale);
  clock_->advance(24h);
  EXPECT_EQ(said(ask(source)), "keys_unavailable");
}

TEST_F(AsyncKeySourceTest, AnAttemptThatIsLostKeepsNobodyWaiting) {
  give_keys();
  AsyncKeySource source = make({.cooldown = 1s, .fetch_timeout = 5s});
  const AsyncGate never = hold_next();
  const KeyCall waiter = call(source);
  loop_.run();
  clock_->advance(10s);
  EXPECT_EQ(said(ask(source)), "found");
  EXPECT_TRUE(waiter.ended());
  EXPECT_EQ(said(waiter.result()), "found");
  open(never);  // an answer that comes after all changes nothing
  EXPECT_EQ(said(ask(source)), "found");
  EXPECT_EQ(source.status().generation, 1u);
}

TEST_F(AsyncKeySourceTest, PrefetchFetchesOnceAndSaysWhatCameOfIt) {
  transport_->script.fail(Error(Errc::transport_failed, "down"));
  give_keys();
  AsyncKeySource source = make();
  EXPECT_EQ(said(prefetch(source)), "keys_unavailable");
  clock_->advance(30s);
  EXPECT_TRUE(prefetch(source));
  EXPECT_TRUE(prefetch(source));
  EXPECT_TRUE(ask(source));
  EXPECT_EQ(transport_->asked(), 2u);
}

TEST_F(AsyncKeySourceTest, PrefetchJoinsAnAttemptThatIsUnderWay) {
  give_keys();
  AsyncKeySource source = make();
  const AsyncGate gate = hold_next();
  const KeyCall finder = call(source);
  const PrefetchCall joiner(loop_, source.prefetch(kNever));
  loop_.run();
  EXPECT_FALSE(joiner.ended());
  open(gate);
  EXPECT_TRUE(joiner.result());
  EXPECT_EQ(said(finder.result()), "found");
  EXPECT_EQ(transport_->asked(), 1u);
}

TEST_F(AsyncKeySourceTest, TheEndOfASourceKeepsNobodyWaiting) {
  give_keys();
  std::optional<AsyncKeySource> source(make());
  const AsyncGate gate = hold_next();
  const KeyCall finder = call(*source);
  const PrefetchCall joiner(loop_, source->prefetch(kNever));
  loop_.run();
  source.reset();
  open(gate);
  EXPECT_EQ(said(finder.result()), "found");
  EXPECT_TRUE(joiner.result());
}

TEST_F(AsyncKeySourceTest, CallsThatHaveNotBegunOutliveTheirSource) {
  give_keys();
  std::optional<AsyncKeySource> source(make());
  const KeyCall finder = call(*source);
  const PrefetchCall fetcher(loop_, source->prefetch(kNever));
  source.reset();
  loop_.run();
  EXPECT_EQ(said(finder.result()), "found");
  EXPECT_TRUE(fetcher.result());
}

TEST_F(AsyncKeySourceTest, ASourceCanBeMovedDuringAnAttempt) {
  give_keys();
  AsyncKeySource first = make();
  const AsyncGate gate = hold_next();
  const KeyCall finder = call(first);
  loop_.run();
  AsyncKeySource second = std::move(first);
  open(gate);
  EXPECT_EQ(said(finder.result()), "found");
  EXPECT_EQ(second.status().keys, 1u);
}

TEST(AsyncKeySource, TheContextMayEndBeforeItsAttemptsAndItsSource) {
  const auto transport = std::make_shared<AsyncScriptedTransport>();
  std::optional<AsyncKeySource> source;
  std::optional<KeyCall> finder;
  {
    HandDriven loop;
    transport->gates.add(AsyncGate(loop.context));
    source.emplace(AsyncKeySource::create(loop.context, std::string(kUrl), transport).value());
    finder.emplace(loop, source->find("any", kNever));
    loop.run();
  }
  EXPECT_FALSE(finder->ended());
  EXPECT_EQ(transport->asked(), 1u);
}

TEST(AsyncKeySource, IsMadeForHttpsOrThisMachineOnlyAndOnlyWithWhatItNeeds) {
  HandDriven loop;
  const auto transport = std::make_shared<AsyncScriptedTransport>();
  const auto made = [&](std::string url, JwksPolicy policy = {}) {
    return AsyncKeySource::create(loop.context, std::move(url), transport, policy).has_value();
  };
  EXPECT_TRUE(made("https://keys.example.com/jwks.json"));
  EXPECT_TRUE(made("http://127.0.0.1:8080/jwks.json"));
  EXPECT_FALSE(made("http://keys.example.com/jwks.json"));
  EXPECT_FALSE(made("keys.example.com"));
  EXPECT_FALSE(made(std::string(kUrl), {.max_keys = 0}));
  EXPECT_FALSE(AsyncKeySource::create(loop.context, std::string(kUrl), nullptr));
  EXPECT_FALSE(AsyncKeySource::create(loop.context, std::string(kUrl), transport, {}, nullptr));
}

}  // namespace
}  // namespace tongs
