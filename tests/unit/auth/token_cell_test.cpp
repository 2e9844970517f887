#include "auth/token_cell.hpp"

#include <chrono>
#include <string_view>
#include <utility>
#include <variant>

#include <gtest/gtest.h>

#include "support/tokens.hpp"

namespace tongs::detail {
namespace {

using namespace std::chrono_literals;
using testing::account_id;
using Serve = TokenCell::Serve;
using ServeAndFetch = TokenCell::ServeAndFetch;
using Fetch = TokenCell::Fetch;
using Join = TokenCell::Join;
using Fail = TokenCell::Fail;
using Flight = TokenCell::Flight;

constexpr std::uint32_t kLeast = 0;
constexpr std::uint32_t kMost = 0xffff'ffff;

/// A cell with the default policy: a token of an hour is due 300 s before its end and not usable in the last
/// 30 s. Time is a member, so that a test reads as a story.
class TokenCellTest : public ::testing::Test {
 protected:
  void pass(std::chrono::milliseconds time) {
    passed_ += time;
    now_.mono += time;
    now_.wall = start_ + std::chrono::floor<std::chrono::seconds>(passed_);
  }
  void wall_jumps(std::chrono::seconds by) {
    start_ += by;
    pass(0ms);
  }
  void suspend(std::chrono::seconds time) { wall_jumps(time); }

  AccessToken token(std::chrono::seconds life) const {
    return {account_id(), Secret("token"), now_.wall + life};
  }
  TokenCell::Step get() { return cell_.get(now_); }
  template <class Kind>
  bool gets() {
    return std::holds_alternative<Kind>(get());
  }
  /// The flight that a caller was told to lead.
  Flight take_off() {
    const auto step = get();
    if (const auto* ahead = std::get_if<ServeAndFetch>(&step)) return ahead->flight;
    return std::get<Fetch>(step).flight;
  }
  /// Question and answer in one moment.
  AccessToken install(std::chrono::seconds life, std::uint32_t random = kLeast) {
    const Flight flight = take_off();
    return *cell_.fetched(flight, token(life), now_, now_, random);
  }
  Result<AccessToken> fail(Flight flight, Error error = {Errc::unavailable, "down"},
                           std::uint32_t random = kLeast) {
    return cell_.failed(flight, std::move(error), now_, random);
  }
  /// A cell in the pause after a failure, and a token with `left` to live.
  AccessToken install_and_fail(std::chrono::seconds life, std::chrono::seconds left) {
    auto held = install(life);
    pass(life - left);
    (void)fail(take_off());
    return held;
  }

  TokenPolicy policy_;
  WallTime start_{1'700'000'000s};
  std::chrono::milliseconds passed_{0};
  Now now_{start_, MonoTime(1000s)};
  TokenCell cell_{account_id(), policy_};
};

// The table: no flight.

TEST_F(TokenCellTest, AnEmptyCellFetches) { EXPECT_TRUE(gets<Fetch>()); }

TEST_F(TokenCellTest, AUsableTokenIsServed) {
  const auto held = install(3600s);
  pass(3299s);
  const auto step = get();
  ASSERT_TRUE(std::holds_alternative<Serve>(step));
  EXPECT_TRUE(same_token(std::get<Serve>(step).token, held));
}

TEST_F(TokenCellTest, ADueTokenIsServedWhileItsSuccessorIsFetched) {
  const auto held = install(3600s);
  pass(3300s);
  const auto step = get();
  ASSERT_TRUE(std::holds_alternative<ServeAndFetch>(step));
  EXPECT_TRUE(same_token(std::get<ServeAndFetch>(step).token, held));
  EXPECT_EQ(std::get<ServeAndFetch>(step).usable_for, 270s);
}

TEST_F(TokenCellTest, ADueTokenIsServedWithoutAFetchInThePauseAfterAFailure) {
  install_and_fail(3600s, 300s);
  pass(999ms);
  EXPECT_TRUE(gets<Serve>());
  pass(1ms);
  EXPECT_TRUE(gets<ServeAndFetch>());
}

TEST_F(TokenCellTest, ATokenInItsMarginIsFetchedAnew) {
  install(3600s);
  pass(3570s);
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, ATokenInItsMarginIsServedInThePauseAfterAFailure) {
  const auto held = install_and_fail(3600s, 20s);
  const auto step = get();
  ASSERT_TRUE(std::holds_alternative<Serve>(step));
  EXPECT_TRUE(same_token(std::get<Serve>(step).token, held));
}

TEST_F(TokenCellTest, WithoutALivingTokenTheLastErrorIsGivenInThePause) {
  (void)fail(take_off(), {Errc::forbidden, "no impersonation"});
  const auto step = get();
  ASSERT_TRUE(std::holds_alternative<Fail>(step));
  EXPECT_EQ(std::get<Fail>(step).error.code(), Errc::forbidden);
  pass(1s);
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, ATokenIsNotServedAtItsEndAlthoughTheSourceIsDown) {
  install_and_fail(3600s, 1s);
  pass(999ms);
  EXPECT_TRUE(gets<Serve>());
  pass(1ms);
  EXPECT_FALSE(gets<Serve>());
}

// The table: a flight of this generation.

TEST_F(TokenCellTest, ATokenThatIsNoLongerDueIsServedDuringAFlight) {
  install(3600s);
  suspend(3400s);
  take_off();
  wall_jumps(-3400s);
  EXPECT_TRUE(gets<Serve>());
}

TEST_F(TokenCellTest, ADueTokenIsServedToAllOthersDuringAFlight) {
  install(3600s);
  pass(3400s);
  take_off();
  EXPECT_TRUE(gets<Serve>());
}

TEST_F(TokenCellTest, WithoutAUsableTokenOthersJoinTheFlight) {
  const Flight flight = take_off();
  const auto step = get();
  ASSERT_TRUE(std::holds_alternative<Join>(step));
  EXPECT_EQ(std::get<Join>(step).flight, flight);
}

TEST_F(TokenCellTest, AFlightIsJoinedInTheMargin) {
  install(3600s);
  pass(3580s);
  take_off();
  EXPECT_TRUE(gets<Join>());
}

TEST_F(TokenCellTest, AFlightIsJoinedEvenInAPause) {
  const Flight disowned = take_off();
  cell_.invalidate();
  take_off();
  (void)fail(disowned);
  EXPECT_TRUE(gets<Join>());
}

// The table: only flights from before an invalidation.

TEST_F(TokenCellTest, AUsableTokenIsServedDuringADisownedFlight) {
  take_off();
  cell_.invalidate();
  install(3600s);
  EXPECT_TRUE(gets<Serve>());
}

TEST_F(TokenCellTest, ADueTokenIsNotFetchedDuringADisownedFlight) {
  take_off();
  cell_.invalidate();
  install(3600s);
  pass(3400s);
  EXPECT_TRUE(gets<Serve>());
}

TEST_F(TokenCellTest, ADueTokenIsServedInAPauseDuringADisownedFlight) {
  const Flight disowned = take_off();
  cell_.invalidate();
  install(3600s);
  pass(3400s);
  (void)fail(disowned);
  EXPECT_TRUE(gets<Serve>());
}

TEST_F(TokenCellTest, WithoutATokenADisownedFlightIsNotJoined) {
  const Flight disowned = take_off();
  cell_.invalidate();
  EXPECT_NE(take_off(), disowned);
}

TEST_F(TokenCellTest, ATokenInItsMarginIsServedInAPauseDuringADisownedFlight) {
  take_off();
  cell_.invalidate();
  install_and_fail(3600s, 20s);
  EXPECT_TRUE(gets<Serve>());
}

TEST_F(TokenCellTest, WithoutATokenTheErrorIsGivenInAPauseDuringADisownedFlight) {
  take_off();
  cell_.invalidate();
  (void)fail(take_off());
  EXPECT_TRUE(gets<Fail>());
}

// Life and windows.

TEST_F(TokenCellTest, LifeIsMeasuredFromBeforeTheQuestion) {
  const Flight flight = take_off();
  const Now asked = now_;
  const AccessToken answer = token(60s);
  pass(10s);
  ASSERT_TRUE(cell_.fetched(flight, answer, asked, now_, kLeast));
  pass(49s);
  EXPECT_TRUE(cell_.living(now_));
  pass(1s);
  EXPECT_FALSE(cell_.living(now_));
}

TEST_F(TokenCellTest, WindowsShrinkWithTheLifeOfTheToken) {
  install(60s);
  pass(44'999ms);
  EXPECT_TRUE(gets<Serve>());
  pass(1ms);
  (void)fail(take_off(), {Errc::rejected, "nothing sent"});
  pass(11'999ms);
  EXPECT_TRUE(gets<ServeAndFetch>());
  pass(1ms);
  EXPECT_TRUE(gets<Join>()) << "the last twentieth is not usable";
}

TEST_F(TokenCellTest, TheStartOfARefreshIsSpreadOverAFifthOfItsWindow) {
  install(3600s, kMost);
  pass(3359s);
  EXPECT_TRUE(gets<Serve>());
  pass(1s);
  EXPECT_TRUE(gets<ServeAndFetch>());
}

TEST_F(TokenCellTest, WithoutARefreshWindowATokenIsFetchedOnlyAtItsEnd) {
  policy_.refresh_ahead = 0s;
  policy_.use_margin = 0s;
  install(3600s);
  pass(3599s);
  EXPECT_TRUE(gets<Serve>());
  pass(1s);
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, ATokenEndsWhenTheWallClockSaysSoAlthoughTheSteadyOneStood) {
  install(3600s);
  suspend(3600s);
  EXPECT_FALSE(cell_.living(now_));
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, ATokenEndsWhenTheSteadyClockSaysSoAlthoughTheWallClockWasSetBack) {
  install(3600s);
  wall_jumps(-7200s);
  pass(3599s);
  EXPECT_TRUE(cell_.living(now_));
  pass(1s);
  EXPECT_FALSE(cell_.living(now_));
  EXPECT_TRUE(gets<Fetch>());
}

// Answers.

TEST_F(TokenCellTest, AnAnswerThatHasEndedMeanwhileIsAFailure) {
  const Flight flight = take_off();
  const Now asked = now_;
  const AccessToken answer = token(5s);
  pass(5s);
  const auto outcome = cell_.fetched(flight, answer, asked, now_, kLeast);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), Errc::malformed_response);
  EXPECT_TRUE(gets<Fail>());
}

TEST_F(TokenCellTest, AnAnswerThatEndsEarlierIsDropped) {
  const auto held = install(3600s);
  pass(3400s);
  const auto outcome = cell_.fetched(take_off(), token(199s), now_, now_, kLeast);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(same_token(*outcome, held));
  EXPECT_TRUE(gets<Serve>());
}

TEST_F(TokenCellTest, AfterADroppedAnswerTheNextRefreshWaitsForTheCeiling) {
  install(3600s);
  pass(3400s);
  (void)cell_.fetched(take_off(), token(100s), now_, now_, kLeast);
  pass(29'999ms);
  EXPECT_TRUE(gets<Serve>());
  pass(1ms);
  EXPECT_TRUE(gets<ServeAndFetch>());
}

TEST_F(TokenCellTest, AnAnswerThatEndsTogetherIsInstalledAndTheNextRefreshWaitsForTheCeiling) {
  const auto held = install(60s);
  pass(50s);
  const auto outcome = cell_.fetched(take_off(), token(10s), now_, now_, kLeast);
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(same_token(*outcome, held));
  pass(9s);
  EXPECT_TRUE(gets<Serve>()) << "due since 7.5 s, but the source has nothing better yet";
}

TEST_F(TokenCellTest, RoundingOfSecondsDoesNotHideThatAnAnswerEndsTogether) {
  install(60s);
  pass(50s);
  (void)cell_.fetched(take_off(), token(12s), now_, now_, kLeast);
  pass(11s);
  EXPECT_TRUE(gets<Serve>()) << "two seconds later is no gain, so the ceiling has to pass";
}

TEST_F(TokenCellTest, AnAnswerThatEndsLaterIsInstalledAndRefreshedInItsOwnTime) {
  install(3600s);
  pass(3400s);
  const auto successor = cell_.fetched(take_off(), token(240s), now_, now_, kLeast);
  ASSERT_TRUE(successor);
  pass(179s);
  const auto step = get();
  ASSERT_TRUE(std::holds_alternative<Serve>(step));
  EXPECT_TRUE(same_token(std::get<Serve>(step).token, *successor));
  pass(1s);
  EXPECT_TRUE(gets<ServeAndFetch>());
}

TEST_F(TokenCellTest, AShorterTokenReplacesOneThatHasEndedOnTheSteadyClock) {
  install(3600s);
  wall_jumps(-7200s);
  pass(3600s);
  const auto outcome = cell_.fetched(take_off(), token(60s), now_, now_, kLeast);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->expires_at(), now_.wall + 60s);
  EXPECT_TRUE(gets<Serve>());
}

// Failures.

TEST_F(TokenCellTest, ThePauseGrowsFromTheFloorToTheCeiling) {
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    (void)fail(take_off(), {Errc::unavailable, "down"}, kMost);
    pass(pause - 1ms);
    EXPECT_TRUE(gets<Fail>()) << pause.count();
    pass(1ms);
  }
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, ThePauseIsNeverBelowTheFloor) {
  for (int i = 0; i < 5; ++i) {
    (void)fail(take_off(), {Errc::unavailable, "down"}, kLeast);
    pass(999ms);
    EXPECT_TRUE(gets<Fail>());
    pass(1ms);
  }
}

TEST_F(TokenCellTest, AnAnswerEndsTheGrowthOfThePause) {
  for (int i = 0; i < 4; ++i) {
    (void)fail(take_off(), {Errc::unavailable, "down"}, kMost);
    pass(30s);
  }
  install(60s);
  pass(60s);
  (void)fail(take_off(), {Errc::unavailable, "down"}, kMost);
  pass(1s);
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, AnAnswerEndsThePauseOfADisownedFlightsFailure) {
  const Flight disowned = take_off();
  cell_.invalidate();
  const Flight present = take_off();
  (void)fail(disowned, Error(Errc::rate_limited, "too many").with_retry_after(90s));
  (void)cell_.fetched(present, token(40s), now_, now_, kLeast);
  pass(31s);
  EXPECT_TRUE(gets<ServeAndFetch>());
}

TEST_F(TokenCellTest, RetryAfterIsObeyedBeyondTheCeiling) {
  (void)fail(take_off(), Error(Errc::rate_limited, "too many").with_retry_after(90s));
  pass(89'999ms);
  EXPECT_TRUE(gets<Fail>());
  pass(1ms);
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, ARetryAfterBelowTheFloorDoesNotShortenThePause) {
  (void)fail(take_off(), Error(Errc::rate_limited, "too many").with_retry_after(0s));
  pass(999ms);
  EXPECT_TRUE(gets<Fail>());
}

TEST_F(TokenCellTest, NoRetryAfterSilencesAnAccountForMoreThanAnHour) {
  (void)fail(take_off(), Error(Errc::rate_limited, "too many").with_retry_after(std::chrono::hours(24)));
  pass(1h);
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, AFailureGivesItsCallersTheTokenThatStillLives) {
  const auto held = install(3600s);
  pass(3590s);
  const auto outcome = fail(take_off());
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(same_token(*outcome, held));
}

TEST_F(TokenCellTest, AnErrorBeforeAnythingWasSentCostsNoPause) {
  const auto outcome = fail(take_off(), {Errc::rejected, "no live system token"});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), Errc::rejected);
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, ARejectionByThePeerIsPausedFor) {
  (void)fail(take_off(), Error(Errc::rejected, "401").with_remote({}));
  EXPECT_TRUE(gets<Fail>());
}

// Invalidation.

TEST_F(TokenCellTest, AnInvalidatedTokenIsForgotten) {
  install(3600s);
  cell_.invalidate();
  EXPECT_FALSE(cell_.living(now_));
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, AnAnswerFromBeforeAnInvalidationGoesToItsCallersAndIsNotInstalled) {
  const Flight disowned = take_off();
  cell_.invalidate();
  const auto outcome = cell_.fetched(disowned, token(3600s), now_, now_, kLeast);
  EXPECT_TRUE(outcome);
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, AnAnswerFromBeforeAnInvalidationDoesNotEndThePresentFlight) {
  const Flight disowned = take_off();
  cell_.invalidate();
  const Flight present = take_off();
  (void)cell_.fetched(disowned, token(3600s), now_, now_, kLeast);
  const auto step = get();
  ASSERT_TRUE(std::holds_alternative<Join>(step));
  EXPECT_EQ(std::get<Join>(step).flight, present);
}

TEST_F(TokenCellTest, AnInvalidationDoesNotEndAPause) {
  (void)fail(take_off());
  cell_.invalidate();
  EXPECT_TRUE(gets<Fail>());
}

TEST_F(TokenCellTest, AnInvalidationEndsTheWaitForABetterToken) {
  install(60s);
  pass(50s);
  (void)cell_.fetched(take_off(), token(10s), now_, now_, kLeast);
  cell_.invalidate();
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, OnlyTheTokenHeldCanBeInvalidatedByIdentity) {
  const auto first = install(3600s);
  pass(3400s);
  const auto second = install(3600s);
  EXPECT_FALSE(cell_.invalidate(first)) << "a late 401 does no harm to the successor";
  EXPECT_TRUE(gets<Serve>());
  EXPECT_TRUE(cell_.invalidate(second));
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, InvalidationByIdentityDisownsTheFlight) {
  const auto held = install(3600s);
  pass(3400s);
  const Flight flight = take_off();
  cell_.invalidate(held);
  (void)cell_.fetched(flight, token(3600s), now_, now_, kLeast);
  EXPECT_TRUE(gets<Fetch>());
}

// Abandonment.

TEST_F(TokenCellTest, AfterTheFirstAbandonmentTheNextCallerLeadsAtOnce) {
  cell_.abandoned(take_off(), now_.mono);
  const auto step = get();
  ASSERT_TRUE(std::holds_alternative<Fetch>(step));
  EXPECT_LE(std::get<Fetch>(step).not_before, now_.mono);
}

TEST_F(TokenCellTest, FromTheSecondAbandonmentOnQuestionsKeepTheFloorApart) {
  cell_.abandoned(take_off(), now_.mono);
  const MonoTime asked = now_.mono;
  const Flight flight = take_off();
  pass(50ms);
  cell_.abandoned(flight, asked);
  const auto step = get();
  ASSERT_TRUE(std::holds_alternative<Fetch>(step)) << "nobody gets an error for another's leaving";
  EXPECT_EQ(std::get<Fetch>(step).not_before, asked + 1s);
}

TEST_F(TokenCellTest, AnAbandonmentBeforeTheQuestionCountsForNothing) {
  for (int i = 0; i < 5; ++i) cell_.abandoned(take_off(), std::nullopt);
  const auto step = get();
  ASSERT_TRUE(std::holds_alternative<Fetch>(step));
  EXPECT_LE(std::get<Fetch>(step).not_before, now_.mono);
}

TEST_F(TokenCellTest, AnAnswerForgivesAbandonments) {
  for (int i = 0; i < 3; ++i) cell_.abandoned(take_off(), now_.mono);
  install(60s);
  cell_.invalidate();
  cell_.abandoned(take_off(), now_.mono);
  const auto step = get();
  ASSERT_TRUE(std::holds_alternative<Fetch>(step));
  EXPECT_LE(std::get<Fetch>(step).not_before, now_.mono);
}

TEST_F(TokenCellTest, AFailureEndsARowOfAbandonments) {
  cell_.abandoned(take_off(), now_.mono);
  (void)fail(take_off());
  pass(1s);
  cell_.abandoned(take_off(), now_.mono);
  EXPECT_LE(std::get<Fetch>(get()).not_before, now_.mono) << "the first of a new row is free";
}

TEST_F(TokenCellTest, ADueTokenIsOnlyServedAfterRepeatedAbandonments) {
  install(3600s);
  pass(3400s);
  for (int i = 0; i < 2; ++i) cell_.abandoned(take_off(), now_.mono);
  EXPECT_TRUE(gets<Serve>());
  pass(1s);
  EXPECT_TRUE(gets<ServeAndFetch>());
}

TEST_F(TokenCellTest, RepeatedAbandonmentsDoNotBringAnOldErrorBack) {
  (void)fail(take_off());
  pass(1s);
  for (int i = 0; i < 3; ++i) cell_.abandoned(take_off(), now_.mono);
  EXPECT_TRUE(gets<Fetch>());
}

TEST_F(TokenCellTest, ADisownedFlightThatIsAbandonedChangesNothing) {
  const Flight disowned = take_off();
  cell_.invalidate();
  const Flight present = take_off();
  cell_.abandoned(disowned, now_.mono);
  EXPECT_EQ(std::get<Join>(get()).flight, present);
}

// Rest.

TEST_F(TokenCellTest, ACellIsBlankUntilItHoldsSomething) {
  EXPECT_TRUE(cell_.is_blank());
  const Flight flight = take_off();
  EXPECT_FALSE(cell_.is_blank());
  EXPECT_TRUE(cell_.has_flights());
  cell_.abandoned(flight, std::nullopt);
  EXPECT_TRUE(cell_.is_blank());
  install(60s);
  EXPECT_FALSE(cell_.is_blank());
  EXPECT_FALSE(cell_.has_flights());
  cell_.invalidate();
  EXPECT_TRUE(cell_.is_blank());
}

TEST_F(TokenCellTest, ACellInAPauseIsNotBlank) {
  (void)fail(take_off());
  cell_.invalidate();
  EXPECT_FALSE(cell_.is_blank());
}

TEST_F(TokenCellTest, ACellThatWaitedForABetterTokenIsBlankOnceItIsInvalidated) {
  install(60s);
  pass(50s);
  (void)cell_.fetched(take_off(), token(10s), now_, now_, kLeast);
  cell_.invalidate();
  EXPECT_TRUE(cell_.is_blank());
}

TEST_F(TokenCellTest, ADisownedFlightKeepsItsCell) {
  const Flight disowned = take_off();
  cell_.invalidate();
  EXPECT_TRUE(cell_.has_flights());
  (void)cell_.fetched(disowned, token(60s), now_, now_, kLeast);
  EXPECT_TRUE(cell_.is_blank());
}

// Policies.

TEST(TokenPolicyTest, NumbersThatMakeNoSenseAreMovedToTheNearestThatDo) {
  const TokenPolicy wild{.refresh_ahead = std::chrono::seconds::max(),
                         .use_margin = std::chrono::seconds::min(),
                         .retry_floor = std::chrono::milliseconds::max(),
                         .retry_ceiling = std::chrono::milliseconds::min(),
                         .ahead_budget = -1ms,
                         .fetch_timeout = 0ms,
                         .max_accounts = 0};
  const TokenPolicy policy = within_limits(wild);
  EXPECT_EQ(policy.refresh_ahead, 24h);
  EXPECT_EQ(policy.use_margin, 0s);
  EXPECT_EQ(policy.retry_floor, 1h);
  EXPECT_EQ(policy.retry_ceiling, 1h);
  EXPECT_EQ(policy.ahead_budget, 0ms);
  EXPECT_EQ(policy.fetch_timeout, 1ms);
  EXPECT_EQ(policy.max_accounts, 1U);
}

TEST(TokenPolicyTest, TheDefaultPolicyIsWithinItsLimits) {
  const TokenPolicy policy = within_limits({});
  EXPECT_EQ(policy.refresh_ahead, TokenPolicy().refresh_ahead);
  EXPECT_EQ(policy.retry_ceiling, TokenPolicy().retry_ceiling);
  EXPECT_EQ(policy.max_accounts, TokenPolicy().max_accounts);
}

}  // namespace
}  // namespace tongs::detail
