#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include <tongs/testing/fake_clock.hpp>
#include <tongs/token_manager.hpp>

#include "support/queued_executor.hpp"
#include "support/scripted_user_tokens.hpp"
#include "support/tokens.hpp"

namespace tongs {
namespace {

using namespace std::chrono_literals;
using testing::account_id;
using testing::FakeClock;
using testing::Gate;
using testing::ScriptedUserTokens;

constexpr WallTime kStart{1'700'000'000s};

class TokenManagerTest : public ::testing::Test {
 protected:
  TokenManager make(TokenPolicy policy = {}, std::shared_ptr<Executor> background = nullptr) {
    return TokenManager(source_, policy, clock_, std::move(background));
  }

  std::shared_ptr<ScriptedUserTokens> source_ = std::make_shared<ScriptedUserTokens>();
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>(kStart);
  const AccountId ada_ = account_id("ada");
  const AccountId bob_ = account_id("bob");
};

/// A call of another thread, whose result the test asks for when it wants to wait for it.
class Caller {
 public:
  Caller(TokenManager& manager, const AccountId& account, CallOptions call = {})
      : thread_([&manager, account, call, this] { result_ = manager.get_token(account, call); }) {}
  Result<AccessToken> result() {
    thread_.join();
    return *result_;
  }

 private:
  std::optional<Result<AccessToken>> result_;
  std::jthread thread_;
};

/// Until so many callers wait for another's fetch.
void wait_for_joins(const TokenManager& manager, std::uint64_t joins) {
  while (manager.stats().joins < joins) std::this_thread::yield();
}

CallOptions stopped() {
  std::stop_source source;
  source.request_stop();
  return {.stop = source.get_token()};
}
CallOptions late() { return {.deadline = MonoTime::min()}; }

TEST_F(TokenManagerTest, AMissIsFetchedAndAHitIsNot) {
  source_->answer("first", 3600s);
  TokenManager manager = make();
  const auto miss = manager.get_token(ada_);
  ASSERT_TRUE(miss);
  EXPECT_EQ(miss->reveal(), "first");
  EXPECT_EQ(miss->account(), ada_);
  const auto hit = manager.get_token(ada_);
  ASSERT_TRUE(hit);
  EXPECT_TRUE(same_token(*miss, *hit));
  EXPECT_EQ(source_->asked(), 1);
}

TEST_F(TokenManagerTest, EachAccountHasItsOwnToken) {
  source_->answer("of-ada", 3600s);
  source_->answer("of-bob", 3600s);
  TokenManager manager = make();
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "of-ada");
  EXPECT_EQ(manager.get_token(bob_)->reveal(), "of-bob");
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "of-ada");
}

TEST_F(TokenManagerTest, AnErrorOfTheSourceIsGivenToAllUntilThePauseIsOver) {
  source_->fail(Error(Errc::forbidden, "no impersonation"));
  TokenManager manager = make();
  EXPECT_EQ(manager.get_token(ada_).error().code(), Errc::forbidden);
  EXPECT_EQ(manager.get_token(ada_).error().code(), Errc::forbidden);
  EXPECT_EQ(source_->asked(), 1);
  clock_->advance(1s);
  EXPECT_TRUE(manager.get_token(ada_));
  EXPECT_EQ(source_->asked(), 2);
}

TEST_F(TokenManagerTest, OneAccountsFailureIsNoOthers) {
  source_->fail(Error(Errc::forbidden, "no impersonation"));
  TokenManager manager = make();
  EXPECT_FALSE(manager.get_token(ada_));
  EXPECT_TRUE(manager.get_token(bob_));
}

TEST_F(TokenManagerTest, WithoutASystemTokenEachCallerMayTryAgain) {
  source_->fail(Error(Errc::rejected, "no live system token for this installation"));
  TokenManager manager = make();
  EXPECT_EQ(manager.get_token(ada_).error().code(), Errc::rejected);
  EXPECT_TRUE(manager.get_token(ada_)) << "an invocation may have brought one";
}

TEST_F(TokenManagerTest, AnAnswerInMillisecondsIsRefused) {
  source_->run([](const CallOptions&) {
    return testing::with_end("token", WallTime(std::chrono::seconds(1'700'003'600'000)));
  });
  TokenManager manager = make();
  EXPECT_EQ(manager.get_token(ada_).error().code(), Errc::malformed_response);
}

// One flight.

TEST_F(TokenManagerTest, CallersOfOneAccountShareAFetch) {
  const Gate gate;
  source_->answer_behind(gate);
  TokenManager manager = make();
  Caller leader(manager, ada_);
  gate.wait_for_arrivals(1);
  Caller second(manager, ada_);
  Caller third(manager, ada_);
  wait_for_joins(manager, 2);
  Gate(gate).open();
  const auto token = leader.result();
  ASSERT_TRUE(token);
  EXPECT_TRUE(same_token(*token, *second.result()));
  EXPECT_TRUE(same_token(*token, *third.result()));
  EXPECT_EQ(source_->asked(), 1);
}

TEST_F(TokenManagerTest, AFlightOfOneAccountDelaysNoOther) {
  const Gate gate;
  source_->answer_behind(gate);
  TokenManager manager = make();
  Caller leader(manager, ada_);
  gate.wait_for_arrivals(1);
  EXPECT_TRUE(manager.get_token(bob_));
  Gate(gate).open();
  EXPECT_TRUE(leader.result());
}

TEST_F(TokenManagerTest, AJoinerWhoseDeadlinePassesLeavesAlone) {
  const Gate gate;
  source_->answer_behind(gate);
  TokenManager manager = make();
  Caller leader(manager, ada_);
  gate.wait_for_arrivals(1);
  EXPECT_EQ(manager.get_token(ada_, late()).error().code(), Errc::deadline_exceeded);
  Gate(gate).open();
  EXPECT_TRUE(leader.result());
}

TEST_F(TokenManagerTest, AJoinerWhoStopsLeavesAlone) {
  const Gate gate;
  source_->answer_behind(gate);
  TokenManager manager = make();
  Caller leader(manager, ada_);
  gate.wait_for_arrivals(1);
  std::stop_source stop;
  Caller joiner(manager, ada_, {.stop = stop.get_token()});
  wait_for_joins(manager, 1);
  stop.request_stop();
  EXPECT_EQ(joiner.result().error().code(), Errc::cancelled);
  Gate(gate).open();
  EXPECT_TRUE(leader.result());
}

TEST_F(TokenManagerTest, WhenTheLeaderStopsAWaiterTakesOver) {
  const Gate never;
  source_->answer_behind(never, "of-the-first");
  source_->answer("of-the-second", 3600s);
  TokenManager manager = make();
  std::stop_source stop;
  Caller leader(manager, ada_, {.stop = stop.get_token()});
  never.wait_for_arrivals(1);
  Caller waiter(manager, ada_);
  wait_for_joins(manager, 1);
  stop.request_stop();
  EXPECT_EQ(leader.result().error().code(), Errc::cancelled);
  const auto token = waiter.result();
  ASSERT_TRUE(token);
  EXPECT_EQ(token->reveal(), "of-the-second");
  EXPECT_EQ(source_->asked(), 2);
}

TEST_F(TokenManagerTest, ACallerWithoutTimeAsksNobody) {
  TokenManager manager = make();
  EXPECT_EQ(manager.get_token(ada_, late()).error().code(), Errc::deadline_exceeded);
  EXPECT_EQ(manager.get_token(ada_, stopped()).error().code(), Errc::cancelled);
  EXPECT_EQ(source_->asked(), 0);
  EXPECT_EQ(manager.stats().accounts, 0U);
}

TEST_F(TokenManagerTest, AHitIsServedEvenToACallerWithoutTime) {
  TokenManager manager = make();
  ASSERT_TRUE(manager.get_token(ada_));
  EXPECT_TRUE(manager.get_token(ada_, late()));
}

TEST_F(TokenManagerTest, RepeatedAbandonmentsMakeTheNextLeaderWait) {
  TokenManager manager = make({.retry_floor = 1h, .retry_ceiling = 1h});
  for (int i = 0; i < 2; ++i) {
    std::stop_source stop;
    source_->run([stop](const CallOptions&) mutable -> Result<FetchedToken> {
      stop.request_stop();
      return Error(Errc::cancelled, "stopped");
    });
    EXPECT_EQ(manager.get_token(ada_, {.stop = stop.get_token()}).error().code(), Errc::cancelled);
  }
  EXPECT_EQ(source_->asked(), 2);
  EXPECT_EQ(manager.get_token(ada_, CallOptions::within(1ms)).error().code(), Errc::deadline_exceeded);
  EXPECT_EQ(source_->asked(), 2) << "the source is left alone";
  clock_->advance(1h);
  EXPECT_TRUE(manager.get_token(ada_));
}

TEST_F(TokenManagerTest, AFlightEndsEvenIfTheSourceThrows) {
  source_->run([](const CallOptions&) -> Result<FetchedToken> { throw std::bad_alloc(); });
  TokenManager manager = make();
  EXPECT_THROW((void)manager.get_token(ada_), std::bad_alloc);
  EXPECT_TRUE(manager.get_token(ada_));
}

// Limits of a flight.

TEST_F(TokenManagerTest, AFlightHasATimeOutOfItsOwn) {
  MonoTime deadline;
  source_->run([&](const CallOptions& call) -> Result<FetchedToken> {
    deadline = call.deadline;
    return Error(Errc::deadline_exceeded, "no answer");
  });
  TokenManager manager = make({.fetch_timeout = 7s});
  const MonoTime before = std::chrono::steady_clock::now();
  const auto outcome = manager.get_token(ada_);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), Errc::transport_failed) << "it was no limit of the caller's";
  EXPECT_GE(deadline, before + 7s);
  EXPECT_LE(deadline, std::chrono::steady_clock::now() + 7s);
}

TEST_F(TokenManagerTest, ALeaderWithLessTimeIsNotKeptLonger) {
  MonoTime deadline;
  source_->run([&](const CallOptions& call) {
    deadline = call.deadline;
    return testing::with_life("token", 3600s);
  });
  TokenManager manager = make();
  const CallOptions call = CallOptions::within(5s);
  EXPECT_TRUE(manager.get_token(ada_, call));
  EXPECT_EQ(deadline, call.deadline);
}

// Refresh ahead, paid for by a caller.

TEST_F(TokenManagerTest, TheFirstCallerInTheWindowFetchesTheSuccessor) {
  source_->answer("old", 3600s);
  source_->answer("new", 3600s);
  TokenManager manager = make();
  ASSERT_TRUE(manager.get_token(ada_));
  clock_->advance(3400s);
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "new");
  EXPECT_EQ(source_->asked(), 2);
}

TEST_F(TokenManagerTest, OthersAreServedTheOldTokenMeanwhile) {
  const Gate gate;
  source_->answer("old", 3600s);
  source_->answer_behind(gate, "new");
  TokenManager manager = make();
  ASSERT_TRUE(manager.get_token(ada_));
  clock_->advance(3400s);
  Caller payer(manager, ada_);
  gate.wait_for_arrivals(1);
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "old");
  Gate(gate).open();
  EXPECT_EQ(payer.result()->reveal(), "new");
}

TEST_F(TokenManagerTest, WhenTheRefreshFailsTheOldTokenIsServed) {
  source_->answer("old", 3600s);
  source_->fail(Error(Errc::unavailable, "down"));
  TokenManager manager = make();
  ASSERT_TRUE(manager.get_token(ada_));
  clock_->advance(3400s);
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "old");
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "old");
  EXPECT_EQ(source_->asked(), 2);
}

TEST_F(TokenManagerTest, ThePayerWaitsNoLongerThanTheBudget) {
  MonoTime deadline;
  source_->answer("old", 3600s);
  source_->run([&](const CallOptions& call) -> Result<FetchedToken> {
    deadline = call.deadline;
    return Error(Errc::deadline_exceeded, "no answer");
  });
  TokenManager manager = make({.ahead_budget = 3s});
  ASSERT_TRUE(manager.get_token(ada_));
  clock_->advance(3400s);
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "old");
  EXPECT_LE(deadline, std::chrono::steady_clock::now() + 3s);
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "old");
  EXPECT_EQ(source_->asked(), 2) << "a slow source is paused for, so that not every caller pays";
}

TEST_F(TokenManagerTest, ThePayerWaitsNoLongerThanTheOldTokenIsUsable) {
  MonoTime deadline;
  source_->answer("old", 3600s);
  source_->run([&](const CallOptions& call) {
    deadline = call.deadline;
    return testing::with_life("new", 3600s);
  });
  TokenManager manager = make({.ahead_budget = 1h, .fetch_timeout = 1h});
  ASSERT_TRUE(manager.get_token(ada_));
  clock_->advance(3565s);
  EXPECT_TRUE(manager.get_token(ada_));
  EXPECT_LE(deadline, std::chrono::steady_clock::now() + 5s);
}

TEST_F(TokenManagerTest, APayerWhoStopsIsServedTheOldToken) {
  source_->answer("old", 3600s);
  TokenManager manager = make();
  ASSERT_TRUE(manager.get_token(ada_));
  clock_->advance(3400s);
  const auto token = manager.get_token(ada_, stopped());
  ASSERT_TRUE(token);
  EXPECT_EQ(token->reveal(), "old");
}

TEST_F(TokenManagerTest, WithoutABudgetNobodyPays) {
  source_->answer("old", 3600s);
  TokenManager manager = make({.ahead_budget = 0ms});
  ASSERT_TRUE(manager.get_token(ada_));
  clock_->advance(3569s);
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "old");
  EXPECT_EQ(source_->asked(), 1);
  clock_->advance(1s);
  ASSERT_TRUE(manager.get_token(ada_));
  EXPECT_EQ(source_->asked(), 2);
}

// An executor.

TEST_F(TokenManagerTest, WithAnExecutorNobodyWaitsForARefresh) {
  const auto executor = std::make_shared<QueuedExecutor>();
  source_->answer("old", 3600s);
  source_->answer("new", 3600s);
  TokenManager manager = make({.ahead_budget = 0ms}, executor);
  ASSERT_TRUE(manager.get_token(ada_));
  clock_->advance(3400s);
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "old");
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "old");
  EXPECT_EQ(executor->waiting(), 1U);
  executor->run();
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "new");
}

TEST_F(TokenManagerTest, APatientCallerLeadsWithoutTheExecutor) {
  const auto executor = std::make_shared<QueuedExecutor>();
  TokenManager manager = make({}, executor);
  EXPECT_TRUE(manager.get_token(ada_));
  EXPECT_TRUE(manager.get_token(bob_, CallOptions::within(1h)));
  EXPECT_EQ(executor->waiting(), 0U);
}

TEST_F(TokenManagerTest, AFlightOnTheExecutorOutlivesTheCallerWhoWantedIt) {
  const auto executor = std::make_shared<QueuedExecutor>();
  TokenManager manager = make({}, executor);
  EXPECT_EQ(manager.get_token(ada_, late()).error().code(), Errc::deadline_exceeded);
  executor->run();
  EXPECT_TRUE(manager.get_token(ada_, late())) << "a hit by now";
  EXPECT_EQ(source_->asked(), 1);
}

TEST_F(TokenManagerTest, ACallerWithLimitsWaitsForTheExecutor) {
  const auto executor = std::make_shared<QueuedExecutor>();
  TokenManager manager = make({}, executor);
  const std::stop_source stop;
  Caller caller(manager, ada_, {.stop = stop.get_token()});
  while (executor->waiting() == 0) std::this_thread::yield();
  executor->run();
  EXPECT_TRUE(caller.result());
}

TEST_F(TokenManagerTest, AFlightThatTheExecutorDropsIsLedByItsCaller) {
  const auto executor = std::make_shared<QueuedExecutor>();
  TokenManager manager = make({}, executor);
  const std::stop_source stop;
  Caller caller(manager, ada_, {.stop = stop.get_token()});
  while (executor->waiting() == 0) std::this_thread::yield();
  executor->drop();
  EXPECT_TRUE(caller.result());
  EXPECT_EQ(source_->asked(), 1);
}

// The end of a manager.

TEST_F(TokenManagerTest, AFlightThatBeginsAfterTheEndOfItsManagerAsksNobody) {
  const auto executor = std::make_shared<QueuedExecutor>();
  {
    TokenManager manager = make({}, executor);
    EXPECT_FALSE(manager.get_token(ada_, late()));
  }
  executor->run();
  EXPECT_EQ(source_->asked(), 0);
}

TEST_F(TokenManagerTest, TheEndOfAManagerWaitsForNoFlight) {
  const Gate gate;
  source_->answer_behind(gate);
  auto manager = std::make_unique<TokenManager>(make());
  Caller caller(*manager, ada_);
  gate.wait_for_arrivals(1);
  manager.reset();
  Gate(gate).open();
  EXPECT_TRUE(caller.result());
}

TEST_F(TokenManagerTest, AManagerCanBeMoved) {
  TokenManager first = make();
  ASSERT_TRUE(first.get_token(ada_));
  TokenManager second = std::move(first);
  EXPECT_TRUE(second.get_token(ada_));
  EXPECT_EQ(second.installation(), source_->installation());
  EXPECT_EQ(source_->asked(), 1);
}

// Invalidation.

TEST_F(TokenManagerTest, AnInvalidatedAccountIsFetchedAnew) {
  TokenManager manager = make();
  ASSERT_TRUE(manager.get_token(ada_));
  ASSERT_TRUE(manager.get_token(bob_));
  manager.invalidate(ada_);
  EXPECT_TRUE(manager.get_token(ada_));
  EXPECT_EQ(source_->asked(), 3);
  EXPECT_TRUE(manager.get_token(bob_));
  EXPECT_EQ(source_->asked(), 3);
}

TEST_F(TokenManagerTest, AnAnswerFromBeforeAnInvalidationDoesNotComeBack) {
  const Gate gate;
  source_->answer_behind(gate, "before");
  source_->answer("after", 3600s);
  TokenManager manager = make();
  Caller early(manager, ada_);
  gate.wait_for_arrivals(1);
  manager.invalidate(ada_);
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "after") << "the old flight is not joined";
  Gate(gate).open();
  EXPECT_EQ(early.result()->reveal(), "before") << "who asked before gets what he asked for";
  EXPECT_EQ(manager.get_token(ada_)->reveal(), "after");
  EXPECT_EQ(source_->asked(), 2);
}

TEST_F(TokenManagerTest, ALate401DoesNoHarmToTheSuccessor) {
  TokenManager manager = make();
  const auto first = manager.get_token(ada_);
  clock_->advance(3400s);
  const auto second = manager.get_token(ada_);
  EXPECT_FALSE(manager.invalidate(*first));
  EXPECT_TRUE(same_token(*manager.get_token(ada_), *second));
  EXPECT_TRUE(manager.invalidate(*second));
  EXPECT_FALSE(manager.invalidate(*second));
  EXPECT_FALSE(same_token(*manager.get_token(ada_), *second));
}

TEST_F(TokenManagerTest, EverythingCanBeInvalidatedAtOnce) {
  const Gate gate;
  TokenManager manager = make();
  ASSERT_TRUE(manager.get_token(ada_));
  source_->answer_behind(gate);
  Caller early(manager, bob_);
  gate.wait_for_arrivals(1);
  manager.invalidate_all();
  EXPECT_TRUE(manager.get_token(ada_));
  EXPECT_TRUE(manager.get_token(bob_));
  EXPECT_EQ(source_->asked(), 4);
  Gate(gate).open();
  EXPECT_TRUE(early.result());
}

TEST_F(TokenManagerTest, InvalidationForgetsAccountsWithoutATrace) {
  TokenManager manager = make();
  ASSERT_TRUE(manager.get_token(ada_));
  manager.invalidate(ada_);
  manager.invalidate(bob_);
  EXPECT_EQ(manager.stats().accounts, 0U);
  ASSERT_TRUE(manager.get_token(ada_));
  manager.invalidate_all();
  EXPECT_EQ(manager.stats().accounts, 0U);
}

// Bounds and numbers.

TEST_F(TokenManagerTest, TheLeastRecentlyUsedAccountMakesRoom) {
  TokenManager manager = make({.max_accounts = 2});
  for (const char* name : {"ada", "bob", "ada", "cyd"}) {
    ASSERT_TRUE(manager.get_token(account_id(name)));
    clock_->advance(1s);
  }
  EXPECT_EQ(manager.stats().accounts, 2U);
  ASSERT_TRUE(manager.get_token(ada_));
  EXPECT_EQ(source_->asked(), 3) << "ada was used after bob";
  ASSERT_TRUE(manager.get_token(bob_));
  EXPECT_EQ(source_->asked(), 4);
}

TEST_F(TokenManagerTest, AnAccountWithAFlightDoesNotMakeRoom) {
  const Gate gate;
  source_->answer_behind(gate);
  TokenManager manager = make({.max_accounts = 1});
  Caller caller(manager, ada_);
  gate.wait_for_arrivals(1);
  ASSERT_TRUE(manager.get_token(bob_));
  EXPECT_EQ(manager.stats().accounts, 2U);
  Gate(gate).open();
  ASSERT_TRUE(caller.result());
  ASSERT_TRUE(manager.get_token(account_id("cyd")));
  EXPECT_EQ(manager.stats().accounts, 1U) << "the bound holds again";
}

TEST_F(TokenManagerTest, TheBoundHoldsAcrossShards) {
  TokenManager manager = make({.max_accounts = 500});
  for (int i = 0; i < 2000; ++i) ASSERT_TRUE(manager.get_token(account_id("user-" + std::to_string(i))));
  EXPECT_EQ(manager.stats().accounts, 500U);
}

TEST_F(TokenManagerTest, APrefetchedTokenIsAHit) {
  TokenManager manager = make();
  EXPECT_TRUE(manager.prefetch(ada_));
  EXPECT_TRUE(manager.get_token(ada_, late()));
  EXPECT_EQ(source_->asked(), 1);
}

TEST_F(TokenManagerTest, AFailedPrefetchSaysWhy) {
  source_->fail(Error(Errc::unavailable, "down"));
  TokenManager manager = make();
  EXPECT_EQ(manager.prefetch(ada_).error().code(), Errc::unavailable);
}

TEST_F(TokenManagerTest, StatisticsTellHitsFetchesAndFailures) {
  source_->fail(Error(Errc::unavailable, "down"));
  TokenManager manager = make();
  (void)manager.get_token(ada_);
  clock_->advance(1s);
  for (int i = 0; i < 3; ++i) (void)manager.get_token(ada_);
  const TokenManagerStats stats = manager.stats();
  EXPECT_EQ(stats.fetches, 2U);
  EXPECT_EQ(stats.failures, 1U);
  EXPECT_EQ(stats.hits, 2U);
  EXPECT_EQ(stats.joins, 0U);
  EXPECT_EQ(stats.accounts, 1U);
}

}  // namespace
}  // namespace tongs
