#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <tongs/asio.hpp>
#include <tongs/testing/fake_clock.hpp>

#include "support/tokens.hpp"
#include "unit/asio/support.hpp"

namespace tongs {
namespace {

using namespace std::chrono_literals;
using testing::account_id;
using testing::FakeClock;
using TokenCall = Call<Result<AccessToken>>;

/// The life of a token, and a moment at which its successor is due while it is still usable.
constexpr std::chrono::seconds kLife{3600};
constexpr std::chrono::seconds kDue{3400};

class AsyncTokenManagerTest : public ::testing::Test {
 protected:
  AsyncTokenManager make(TokenPolicy policy = {}) {
    return AsyncTokenManager(loop_.context, source_, policy, clock_);
  }
  TokenCall call(AsyncTokenManager& manager, const AccountId& account, MonoTime deadline = kNever) {
    return TokenCall(loop_, manager.get_token(account, deadline));
  }
  Result<AccessToken> ask(AsyncTokenManager& manager, const AccountId& account, MonoTime deadline = kNever) {
    const TokenCall asked = call(manager, account, deadline);
    loop_.run();
    return asked.result();
  }
  /// The next fetch ends when this gate opens.
  AsyncGate hold_next() {
    AsyncGate gate(loop_.context);
    source_->gates.add(gate);
    return gate;
  }
  void open(const AsyncGate& gate) {
    gate.open();
    loop_.run();
  }

  HandDriven loop_;
  std::shared_ptr<AsyncUserTokens> source_ = std::make_shared<AsyncUserTokens>();
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  const AccountId ada_ = account_id("ada");
  const AccountId bob_ = account_id("bob");
};

std::string_view said(const Result<AccessToken>& answer) {
  return answer ? answer->reveal() : to_string(answer.error().code());
}

TEST_F(AsyncTokenManagerTest, AMissIsFetchedAndAHitIsNot) {
  source_->script.answer("first", kLife);
  AsyncTokenManager manager = make();
  const auto miss = ask(manager, ada_);
  ASSERT_TRUE(miss);
  EXPECT_EQ(miss->reveal(), "first");
  EXPECT_EQ(miss->account(), ada_);
  EXPECT_TRUE(same_token(*miss, *ask(manager, ada_)));
  EXPECT_EQ(source_->asked.size(), 1u);
}

TEST_F(AsyncTokenManagerTest, AnswersThatComeAtOnceAndLaterAreTheSame) {
  AsyncTokenManager manager = make();
  source_->script.answer("at-once", kLife);
  EXPECT_EQ(said(ask(manager, ada_)), "at-once");
  source_->script.answer("later", kLife);
  const AsyncGate gate = hold_next();
  const TokenCall later = call(manager, bob_);
  loop_.run();
  EXPECT_FALSE(later.ended());
  open(gate);
  EXPECT_EQ(said(later.result()), "later");
}

TEST_F(AsyncTokenManagerTest, AnErrorThatComesAtOnceIsGivenToItsCaller) {
  source_->script.fail(Error(Errc::rejected, "no live system token"));
  AsyncTokenManager manager = make();
  EXPECT_EQ(said(ask(manager, ada_)), "rejected");
}

Task<bool> hit_without_a_turn(HandDriven& loop, AsyncTokenManager& manager, AccountId account) {
  bool others_ran = false;
  boost::asio::post(loop.context, [&] { others_ran = true; });
  const auto token = co_await manager.get_token(account, kNever);
  co_return token.has_value() && !others_ran;
}

TEST_F(AsyncTokenManagerTest, AHitDoesNotGiveUpTheThread) {
  AsyncTokenManager manager = make();
  ASSERT_TRUE(ask(manager, ada_));
  const Call<bool> hit(loop_, hit_without_a_turn(loop_, manager, ada_));
  loop_.run();
  EXPECT_TRUE(hit.result());
}

Task<bool> resumes_on(HandDriven& loop, AsyncTokenManager& manager, AccountId account) {
  const auto token = co_await manager.get_token(account, kNever);
  co_return token.has_value() && loop.context.get_executor().running_in_this_thread();
}

TEST_F(AsyncTokenManagerTest, AWaiterGoesOnInItsContextAndNotInTheHandsOfWhoeverAnswers) {
  AsyncTokenManager manager = make();
  const AsyncGate gate = hold_next();
  const Call<bool> waiter(loop_, resumes_on(loop_, manager, ada_));
  loop_.run();
  gate.open();
  EXPECT_FALSE(waiter.ended());
  loop_.run();
  EXPECT_TRUE(waiter.result());
}

TEST_F(AsyncTokenManagerTest, CallersOfOneAccountShareAFetch) {
  AsyncTokenManager manager = make();
  const AsyncGate gate = hold_next();
  std::vector<TokenCall> calls;
  for (int i = 0; i < 50; ++i) calls.push_back(call(manager, ada_));
  loop_.run();
  EXPECT_EQ(source_->asked.size(), 1u);
  EXPECT_EQ(manager.stats().joins, 49u);
  open(gate);
  for (const TokenCall& each : calls) EXPECT_TRUE(same_token(*each.result(), *calls.front().result()));
  EXPECT_EQ(source_->asked.size(), 1u);
}

TEST_F(AsyncTokenManagerTest, AFlightOfOneAccountDelaysNoOther) {
  AsyncTokenManager manager = make();
  const AsyncGate gate = hold_next();
  const TokenCall ada = call(manager, ada_);
  loop_.run();
  EXPECT_TRUE(ask(manager, bob_));
  EXPECT_FALSE(ada.ended());
  open(gate);
  EXPECT_TRUE(ada.result());
}

TEST_F(AsyncTokenManagerTest, AnErrorIsGivenToEveryWaiterAndUntilThePauseIsOver) {
  source_->script.fail(Error(Errc::forbidden, "no impersonation"));
  AsyncTokenManager manager = make();
  const AsyncGate gate = hold_next();
  const TokenCall one = call(manager, ada_);
  const TokenCall other = call(manager, ada_);
  loop_.run();
  open(gate);
  EXPECT_EQ(said(one.result()), "forbidden");
  EXPECT_EQ(said(other.result()), "forbidden");
  EXPECT_EQ(said(ask(manager, ada_)), "forbidden");
  EXPECT_EQ(source_->asked.size(), 1u);
  clock_->advance(1s);
  EXPECT_TRUE(ask(manager, ada_));
}

TEST_F(AsyncTokenManagerTest, AnAnswerInMillisecondsIsRefused) {
  source_->script.run(
      [](const CallOptions&) { return testing::with_end("token", WallTime(1'700'003'600'000s)); });
  AsyncTokenManager manager = make();
  EXPECT_EQ(said(ask(manager, ada_)), "malformed_response");
}

TEST_F(AsyncTokenManagerTest, AFlightEndsEvenIfTheSourceThrows) {
  source_->script.run([](const CallOptions&) -> Result<FetchedToken> { throw std::bad_alloc(); });
  AsyncTokenManager manager = make();
  const AsyncGate gate = hold_next();
  const TokenCall one = call(manager, ada_);
  const TokenCall other = call(manager, ada_);
  loop_.run();
  open(gate);
  EXPECT_EQ(said(one.result()), "internal");
  EXPECT_EQ(said(other.result()), "internal");
  clock_->advance(1s);
  EXPECT_TRUE(ask(manager, ada_));
}

TEST_F(AsyncTokenManagerTest, AFlightHasATimeOutOfItsOwn) {
  AsyncTokenManager manager = make({.fetch_timeout = 7s});
  ASSERT_TRUE(ask(manager, ada_));
  EXPECT_EQ(source_->asked.at(0).deadline, clock_->mono_now() + 7s);
}

TEST_F(AsyncTokenManagerTest, AWaiterWhoseDeadlineComesLeavesAlone) {
  AsyncTokenManager manager = make();
  const AsyncGate gate = hold_next();
  const TokenCall leader = call(manager, ada_);
  loop_.run();
  EXPECT_EQ(said(ask(manager, ada_, kLongAgo)), "deadline_exceeded");
  EXPECT_FALSE(leader.ended());
  open(gate);
  EXPECT_TRUE(leader.result());
}

TEST_F(AsyncTokenManagerTest, ALeaderWhoseDeadlineComesLeavesAlone) {
  AsyncTokenManager manager = make();
  const AsyncGate gate = hold_next();
  EXPECT_EQ(said(ask(manager, ada_, kLongAgo)), "deadline_exceeded");
  const TokenCall waiter = call(manager, ada_);
  loop_.run();
  EXPECT_FALSE(waiter.ended());
  open(gate);
  EXPECT_TRUE(waiter.result());
  EXPECT_EQ(source_->asked.size(), 1u);
}

TEST_F(AsyncTokenManagerTest, AHitIsServedEvenToACallerWithoutTime) {
  AsyncTokenManager manager = make();
  ASSERT_TRUE(ask(manager, ada_));
  EXPECT_TRUE(ask(manager, ada_, kLongAgo));
}

TEST_F(AsyncTokenManagerTest, AWaiterWhoIsCancelledLeavesAlone) {
  AsyncTokenManager manager = make();
  const AsyncGate gate = hold_next();
  const TokenCall leader = call(manager, ada_);
  TokenCall leaves = call(manager, ada_);
  const TokenCall stays = call(manager, ada_);
  loop_.run();
  leaves.cancel();
  loop_.run();
  EXPECT_EQ(said(leaves.result()), "cancelled");
  EXPECT_FALSE(leader.ended() || stays.ended());
  open(gate);
  EXPECT_TRUE(leader.result());
  EXPECT_TRUE(stays.result());
}

TEST_F(AsyncTokenManagerTest, WhenTheLeaderIsCancelledTheFetchGoesOn) {
  AsyncTokenManager manager = make();
  const AsyncGate gate = hold_next();
  TokenCall leader = call(manager, ada_);
  loop_.run();
  leader.cancel();
  loop_.run();
  EXPECT_EQ(said(leader.result()), "cancelled");
  open(gate);
  EXPECT_TRUE(ask(manager, ada_));
  EXPECT_EQ(source_->asked.size(), 1u);
}

TEST_F(AsyncTokenManagerTest, ACancellationAfterTheAnswerChangesNothing) {
  AsyncTokenManager manager = make();
  const AsyncGate gate = hold_next();
  TokenCall leader = call(manager, ada_);
  TokenCall waiter = call(manager, ada_);
  loop_.run();
  gate.open();
  loop_.context.poll_one();  // the flight lands
  waiter.cancel();
  loop_.run();
  EXPECT_TRUE(leader.result());
  EXPECT_TRUE(waiter.result());
}

TEST_F(AsyncTokenManagerTest, NobodyWaitsForARefreshAhead) {
  source_->script.answer("old", kLife);
  source_->script.answer("new", kLife);
  AsyncTokenManager manager = make();
  ASSERT_TRUE(ask(manager, ada_));
  clock_->advance(kDue);
  const AsyncGate gate = hold_next();
  EXPECT_EQ(said(ask(manager, ada_)), "old");
  EXPECT_EQ(said(ask(manager, ada_)), "old");
  EXPECT_EQ(source_->asked.size(), 2u);
  open(gate);
  EXPECT_EQ(said(ask(manager, ada_)), "new");
  EXPECT_EQ(source_->asked.size(), 2u);
}

TEST_F(AsyncTokenManagerTest, HasATokenForAsLongAsNobodyHasToWaitForOne) {
  source_->script.answer("first", kLife);
  AsyncTokenManager manager = make();
  EXPECT_FALSE(manager.has_token(ada_));
  ASSERT_TRUE(ask(manager, ada_));
  EXPECT_TRUE(manager.has_token(ada_));
  EXPECT_FALSE(manager.has_token(bob_));
  clock_->advance(kDue);
  EXPECT_TRUE(manager.has_token(ada_)) << "its successor is asked for ahead of time";
  clock_->advance(kLife - kDue - 1s);
  EXPECT_FALSE(manager.has_token(ada_));
}

TEST_F(AsyncTokenManagerTest, ARefreshAheadThatEndsAtOnceServesTheOldTokenToo) {
  source_->script.answer("old", kLife);
  source_->script.answer("new", kLife);
  AsyncTokenManager manager = make();
  ASSERT_TRUE(ask(manager, ada_));
  clock_->advance(kDue);
  EXPECT_EQ(said(ask(manager, ada_)), "old");
  EXPECT_EQ(said(ask(manager, ada_)), "new");
}

TEST_F(AsyncTokenManagerTest, WhenTheRefreshFailsTheOldTokenIsServedUntilItsEnd) {
  source_->script.answer("old", kLife);
  source_->script.fail(Error(Errc::unavailable, "down"));
  source_->script.fail(Error(Errc::unavailable, "down"));
  AsyncTokenManager manager = make();
  ASSERT_TRUE(ask(manager, ada_));
  clock_->advance(kDue);
  EXPECT_EQ(said(ask(manager, ada_)), "old");
  EXPECT_EQ(said(ask(manager, ada_)), "old");
  EXPECT_EQ(manager.stats().failures, 1u);
  clock_->advance(kLife - kDue);
  EXPECT_EQ(said(ask(manager, ada_)), "unavailable");
}

TEST_F(AsyncTokenManagerTest, WhoArrivesAfterTheUsableTimeJoinsTheRefresh) {
  source_->script.answer("old", kLife);
  source_->script.answer("new", kLife);
  AsyncTokenManager manager = make();
  ASSERT_TRUE(ask(manager, ada_));
  clock_->advance(kDue);
  const AsyncGate gate = hold_next();
  ASSERT_TRUE(ask(manager, ada_));
  clock_->advance(kLife - kDue);
  const TokenCall joiner = call(manager, ada_);
  loop_.run();
  EXPECT_FALSE(joiner.ended());
  open(gate);
  EXPECT_EQ(said(joiner.result()), "new");
  EXPECT_EQ(source_->asked.size(), 2u);
}

TEST_F(AsyncTokenManagerTest, AnAnswerFromBeforeAnInvalidationReachesItsCallersAndNobodyElse) {
  AsyncTokenManager manager = make();
  const AsyncGate before = hold_next();
  const AsyncGate after = hold_next();
  const TokenCall early = call(manager, ada_);
  loop_.run();
  manager.invalidate(ada_);
  const TokenCall late = call(manager, ada_);
  loop_.run();
  EXPECT_EQ(source_->asked.size(), 2u);

  source_->script.answer("from-before", kLife);
  open(before);
  EXPECT_EQ(said(early.result()), "from-before");
  EXPECT_FALSE(late.ended());
  const TokenCall joiner = call(manager, ada_);
  loop_.run();
  EXPECT_FALSE(joiner.ended());

  source_->script.answer("from-after", kLife);
  open(after);
  EXPECT_EQ(said(late.result()), "from-after");
  EXPECT_EQ(said(joiner.result()), "from-after");
  EXPECT_EQ(said(ask(manager, ada_)), "from-after");
  EXPECT_EQ(source_->asked.size(), 2u);
}

TEST_F(AsyncTokenManagerTest, ALate401DoesNoHarmToTheSuccessor) {
  AsyncTokenManager manager = make();
  const auto old = ask(manager, ada_);
  EXPECT_TRUE(manager.invalidate(*old));
  const auto successor = ask(manager, ada_);
  EXPECT_FALSE(manager.invalidate(*old));
  EXPECT_TRUE(same_token(*ask(manager, ada_), *successor));
}

TEST_F(AsyncTokenManagerTest, A401DuringARefreshDisownsIt) {
  AsyncTokenManager manager = make();
  const auto old = ask(manager, ada_);
  clock_->advance(kDue);
  const AsyncGate gate = hold_next();
  ASSERT_TRUE(ask(manager, ada_));
  EXPECT_TRUE(manager.invalidate(*old));
  const auto fresh = ask(manager, ada_);
  EXPECT_FALSE(same_token(*fresh, *old));
  open(gate);
  EXPECT_TRUE(same_token(*ask(manager, ada_), *fresh));
  EXPECT_EQ(source_->asked.size(), 3u);
}

TEST_F(AsyncTokenManagerTest, EverythingCanBeInvalidatedAtOnce) {
  AsyncTokenManager manager = make();
  ASSERT_TRUE(ask(manager, ada_));
  const AsyncGate gate = hold_next();
  const TokenCall under_way = call(manager, bob_);
  loop_.run();
  manager.invalidate_all();
  EXPECT_TRUE(ask(manager, ada_));
  EXPECT_TRUE(ask(manager, bob_));
  EXPECT_EQ(source_->asked.size(), 4u);
  open(gate);
  EXPECT_TRUE(under_way.result());
}

TEST_F(AsyncTokenManagerTest, AnAccountThatIsNotKnownCanBeInvalidated) {
  AsyncTokenManager manager = make();
  manager.invalidate(ada_);
  EXPECT_FALSE(manager.invalidate(AccessToken(ada_, Secret("other"), WallTime::max())));
  EXPECT_EQ(manager.stats().accounts, 0u);
}

TEST_F(AsyncTokenManagerTest, TheLeastRecentlyUsedAccountMakesRoom) {
  const AccountId eve = account_id("eve");
  AsyncTokenManager manager = make({.max_accounts = 2});
  ASSERT_TRUE(ask(manager, ada_));
  ASSERT_TRUE(ask(manager, bob_));
  ASSERT_TRUE(ask(manager, ada_));
  ASSERT_TRUE(ask(manager, eve));
  EXPECT_EQ(manager.stats().accounts, 2u);
  ASSERT_TRUE(ask(manager, ada_));
  EXPECT_EQ(source_->asked.size(), 3u);
  ASSERT_TRUE(ask(manager, bob_));
  EXPECT_EQ(source_->asked.size(), 4u);
}

TEST_F(AsyncTokenManagerTest, AnAccountWithAFlightDoesNotMakeRoom) {
  AsyncTokenManager manager = make({.max_accounts = 1});
  const AsyncGate gate = hold_next();
  const TokenCall ada = call(manager, ada_);
  loop_.run();
  EXPECT_TRUE(ask(manager, bob_));
  EXPECT_EQ(manager.stats().accounts, 2u);
  open(gate);
  EXPECT_TRUE(ada.result());
}

TEST_F(AsyncTokenManagerTest, TheEndOfAManagerKeepsNobodyWaiting) {
  std::optional<AsyncTokenManager> manager(make());
  const AsyncGate gate = hold_next();
  const TokenCall leader = call(*manager, ada_);
  const TokenCall waiter = call(*manager, ada_);
  loop_.run();
  manager.reset();
  open(gate);
  EXPECT_TRUE(leader.result());
  EXPECT_TRUE(waiter.result());
}

TEST_F(AsyncTokenManagerTest, ACallThatHasNotBegunOutlivesItsManager) {
  std::optional<AsyncTokenManager> manager(make());
  const TokenCall not_begun = call(*manager, ada_);
  manager.reset();
  loop_.run();
  EXPECT_TRUE(not_begun.result());
}

TEST_F(AsyncTokenManagerTest, AManagerCanBeMovedDuringAFlight) {
  AsyncTokenManager first = make();
  const AsyncGate gate = hold_next();
  const TokenCall waiter = call(first, ada_);
  loop_.run();
  AsyncTokenManager second = std::move(first);
  open(gate);
  EXPECT_TRUE(waiter.result());
  EXPECT_TRUE(same_token(*ask(second, ada_), *waiter.result()));
}

TEST(AsyncTokenManager, TheContextMayEndBeforeItsFlightsAndItsManager) {
  const auto source = std::make_shared<AsyncUserTokens>();
  std::optional<AsyncTokenManager> manager;
  std::optional<TokenCall> leader, waiter;
  {
    HandDriven loop;
    source->gates.add(AsyncGate(loop.context));
    manager.emplace(loop.context, source);
    leader.emplace(loop, manager->get_token(account_id(), kNever));
    waiter.emplace(loop, manager->get_token(account_id(), kNever));
    loop.run();
  }
  EXPECT_FALSE(leader->ended() || waiter->ended());
  EXPECT_EQ(source->asked.size(), 1u);
}

TEST_F(AsyncTokenManagerTest, StatisticsTellHitsFetchesFailuresAndJoins) {
  source_->script.fail(Error(Errc::unavailable, "down"));
  AsyncTokenManager manager = make();
  EXPECT_FALSE(ask(manager, bob_));
  const AsyncGate gate = hold_next();
  const TokenCall leader = call(manager, ada_);
  const TokenCall joiner = call(manager, ada_);
  loop_.run();
  open(gate);
  EXPECT_TRUE(ask(manager, ada_));
  const TokenManagerStats stats = manager.stats();
  EXPECT_EQ(stats.hits, 1u);
  EXPECT_EQ(stats.fetches, 2u);
  EXPECT_EQ(stats.failures, 1u);
  EXPECT_EQ(stats.joins, 1u);
  EXPECT_EQ(stats.accounts, 2u);
}

}  // namespace
}  // namespace tongs
