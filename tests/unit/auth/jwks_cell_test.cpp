#include "auth/jwks_cell.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

#include <tongs/testing/fake_clock.hpp>

#include "support/public_keys.hpp"

namespace tongs::detail {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Flight = JwksCell::Flight;

/// One step in a word, as the tables below have it.
std::string name_of(const JwksCell::Step& step) {
  if (std::holds_alternative<JwksCell::Found>(step)) return "found";
  if (std::holds_alternative<JwksCell::FoundAndFetch>(step)) return "found+fetch";
  if (std::holds_alternative<JwksCell::Fetch>(step)) return "fetch";
  if (std::holds_alternative<JwksCell::Join>(step)) return "join";
  return std::string(to_string(std::get<JwksCell::Fail>(step).error.code()));
}

std::string name_of(const JwksCell::PrefetchStep& step) {
  if (std::holds_alternative<JwksCell::Fresh>(step)) return "fresh";
  if (std::holds_alternative<JwksCell::Fetch>(step)) return "fetch";
  if (std::holds_alternative<JwksCell::Join>(step)) return "join";
  return std::string(to_string(std::get<JwksCell::Fail>(step).error.code()));
}

/// Fresh 10 min, ahead 1 min, cooldown 30 s, stale 24 h: the defaults. Holds the keys "a" and "b" after
/// `load`.
class JwksCellTest : public ::testing::Test {
 protected:
  std::string ask(std::string_view kid) { return name_of(step(kid)); }
  JwksCell::Step step(std::string_view kid) { return cell.find(kid, cell.latest(), clock.now()); }

  /// Asks for `kid` and takes the lead, which must be offered.
  Flight lead(std::string_view kid) {
    const JwksCell::Step taken = step(kid);
    if (const auto* fetch = std::get_if<JwksCell::Fetch>(&taken)) return fetch->flight;
    return std::get<JwksCell::FoundAndFetch>(taken).flight;
  }
  void bring(Flight flight, std::optional<seconds> max_age = std::nullopt) {
    cell.fetched(flight, {a, b}, max_age);
  }
  void fail(Flight flight) { cell.failed(flight, Error(Errc::transport_failed, "down")); }
  void load(std::optional<seconds> max_age = std::nullopt) { bring(lead("a"), max_age); }
  JwksStatus status() const { return cell.status(clock.now()); }

  testing::FakeClock clock;
  JwksCell cell{JwksPolicy{}};
  const jose::NamedKey a{"a", public_key(1)}, b{"b", public_key(2)}, c{"c", public_key(3)};
};

TEST_F(JwksCellTest, WithoutASetTheFirstLeadsAndTheOthersJoin) {
  EXPECT_EQ(ask("a"), "fetch");
  EXPECT_EQ(ask("a"), "join");
  EXPECT_EQ(ask("other"), "join");
}

TEST_F(JwksCellTest, AFreshSetAnswersWithoutAnAttempt) {
  load();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("a"), "found");
  EXPECT_EQ(std::get<JwksCell::Found>(step("b")).key, b.key);
  EXPECT_EQ(status().fetches, 1u);
}

TEST_F(JwksCellTest, WithoutASetThePauseAfterAFailureIsShortAndGrowsUpToTheCooldown) {
  for (const int pause : {1, 2, 4, 8, 16, 30, 30}) {
    fail(lead("a"));
    EXPECT_EQ(ask("a"), "keys_unavailable");
    clock.advance(seconds(pause) - milliseconds(1));
    EXPECT_EQ(ask("a"), "keys_unavailable") << pause;
    clock.advance(milliseconds(1));
  }
  EXPECT_EQ(ask("a"), "fetch");
}

TEST_F(JwksCellTest, ThePauseGrowsNoFurtherThanTheCooldownHoweverLongThePeerIsDown) {
  for (int i = 0; i < 200; ++i) {
    fail(lead("a"));
    clock.advance(seconds(30));
  }
  EXPECT_EQ(ask("a"), "fetch");
}

TEST_F(JwksCellTest, ACooldownThatIsShorterThanThePauseWins) {
  JwksCell brisk{JwksPolicy{.cooldown = seconds(1)}};
  for (int i = 0; i < 3; ++i) {
    const auto first = brisk.find("a", brisk.latest(), clock.now());
    ASSERT_EQ(name_of(first), "fetch");
    brisk.failed(std::get<JwksCell::Fetch>(first).flight, Error(Errc::transport_failed, "down"));
    clock.advance(seconds(1));
  }
}

TEST_F(JwksCellTest, ASetThatComesAfterFailuresStartsThePausesAnew) {
  for (int i = 0; i < 4; ++i) {
    fail(lead("a"));
    clock.advance(seconds(30));
  }
  load();
  clock.advance(hours(25));
  fail(lead("a"));
  clock.advance(seconds(1));
  EXPECT_EQ(ask("a"), "fetch") << "the set is past believing, and this was the first failure since";
}

TEST_F(JwksCellTest, KeysUnavailableSaysWhyAndForHowLong) {
  for (int i = 0; i < 5; ++i) {
    if (i > 0) clock.advance(seconds(16));
    fail(lead("a"));
  }
  clock.advance(milliseconds(10'400));
  const auto error = std::get<JwksCell::Fail>(step("a")).error;
  EXPECT_EQ(error.code(), Errc::keys_unavailable);
  EXPECT_EQ(error.retry_after(), milliseconds(5'600));
  ASSERT_NE(error.cause(), nullptr);
  EXPECT_EQ(error.cause()->code(), Errc::transport_failed);
}

TEST_F(JwksCellTest, ThePauseCountsFromTheBeginOfTheAttempt) {
  const Flight flight = lead("a");
  clock.advance(milliseconds(400));
  fail(flight);
  clock.advance(milliseconds(599));
  EXPECT_EQ(ask("a"), "keys_unavailable");
  clock.advance(milliseconds(1));
  EXPECT_EQ(ask("a"), "fetch");
}

// ---- the life of a set ------------------------------------------------------------------------------------

TEST_F(JwksCellTest, NearItsEndASetIsRefreshedByOneWhileAllAreServed) {
  load();
  clock.advance(minutes(9) - milliseconds(1));
  EXPECT_EQ(ask("a"), "found");
  clock.advance(milliseconds(1));
  EXPECT_EQ(ask("a"), "found+fetch");
  EXPECT_EQ(ask("a"), "found");
}

TEST_F(JwksCellTest, AfterAFailedRefreshAheadTheNextWaitsForTheCooldown) {
  load();
  clock.advance(minutes(9));
  fail(lead("a"));
  clock.advance(seconds(29));
  EXPECT_EQ(ask("a"), "found");
  clock.advance(seconds(1));
  EXPECT_EQ(ask("a"), "found+fetch");
}

TEST_F(JwksCellTest, PastItsEndASetIsAskedForBeforeAKeyOfItIsBelieved) {
  load();
  clock.advance(minutes(10));
  EXPECT_EQ(ask("a"), "fetch");
  EXPECT_EQ(ask("a"), "join");
}

TEST_F(JwksCellTest, WhileAttemptsFailKnownKeysAreBelievedUpToTheStaleLimit) {
  load();
  clock.advance(minutes(10));
  fail(lead("a"));
  EXPECT_EQ(ask("a"), "found");
  EXPECT_TRUE(status().stale);
  clock.advance(seconds(30));
  EXPECT_EQ(ask("a"), "found+fetch") << "nobody waits for a peer that is down";
  EXPECT_EQ(ask("a"), "found");
  fail(cell.latest());
  clock.advance(hours(24) - seconds(31));
  EXPECT_EQ(ask("a"), "found+fetch");
  fail(cell.latest());
  clock.advance(seconds(1));
  EXPECT_EQ(ask("a"), "keys_unavailable");
  EXPECT_FALSE(status().usable);
}

TEST_F(JwksCellTest, ASetOfYesterdayIsNotBelievedWithoutAsking) {
  load();
  clock.advance(hours(25));
  EXPECT_EQ(ask("a"), "fetch");
  EXPECT_EQ(ask("a"), "join");
}

TEST_F(JwksCellTest, ASuccessEndsTheOutage) {
  load();
  clock.advance(minutes(10));
  fail(lead("a"));
  clock.advance(seconds(30));
  bring(lead("a"));
  EXPECT_EQ(ask("a"), "found");
  EXPECT_FALSE(status().stale);
  EXPECT_EQ(status().age, seconds(0));
}

TEST_F(JwksCellTest, NoFailureWipesAnything) {
  load();
  clock.advance(minutes(9));
  const Flight flight = lead("a");
  cell.fetched(flight, {}, std::nullopt);
  EXPECT_EQ(ask("a"), "found");
  EXPECT_EQ(ask("b"), "found");
  EXPECT_EQ(status().failures, 1u);
  EXPECT_EQ(status().generation, 1u);
}

struct MaxAge {
  std::optional<seconds> given;
  seconds fresh;
};

TEST_F(JwksCellTest, MaxAgeIsHeldToOneMinuteToOneHour) {
  for (const MaxAge& row :
       {MaxAge{std::nullopt, minutes(10)}, MaxAge{seconds(0), minutes(1)}, MaxAge{seconds(59), minutes(1)},
        MaxAge{seconds(61), seconds(61)}, MaxAge{minutes(60), minutes(60)}, MaxAge{hours(100), hours(1)}}) {
    cell = JwksCell(JwksPolicy{});
    load(row.given);
    clock.advance(row.fresh - seconds(1));
    EXPECT_EQ(name_of(cell.prefetch(clock.now())), "fresh") << row.fresh.count();
    clock.advance(seconds(1));
    EXPECT_EQ(name_of(cell.prefetch(clock.now())), "fetch") << row.fresh.count();
  }
}

TEST_F(JwksCellTest, AShortLifeIsRefreshedInItsLastQuarterOnly) {
  load(minutes(1));
  clock.advance(seconds(44));
  EXPECT_EQ(ask("a"), "found");
  clock.advance(seconds(1));
  EXPECT_EQ(ask("a"), "found+fetch");
}

TEST_F(JwksCellTest, TheLifeCountsFromBeforeTheRequest) {
  const Flight flight = lead("a");
  clock.advance(seconds(5));
  bring(flight);
  EXPECT_EQ(status().age, seconds(5));
  clock.advance(minutes(10) - seconds(5));
  EXPECT_EQ(ask("a"), "fetch");
}

TEST_F(JwksCellTest, TimeAsleepCounts) {
  load();
  clock.suspend(minutes(10) + seconds(1));
  EXPECT_EQ(ask("a"), "fetch");
  fail(cell.latest());
  clock.suspend(seconds(31));
  EXPECT_EQ(ask("a"), "found+fetch");
}

TEST_F(JwksCellTest, ASecondThatTheWallClockOnlySeemsToHavePassedDoesNotCount) {
  clock.advance(milliseconds(900));
  load();
  bring(lead("unknown"));
  clock.advance(milliseconds(29'100));  // the wall reading has moved by thirty
  EXPECT_EQ(ask("unknown"), "key_unknown");
}

TEST_F(JwksCellTest, AWallClockSetBackDoesNotLengthenTheLife) {
  load();
  clock.set_wall(WallTime());
  EXPECT_EQ(ask("a"), "found");
  clock.advance(minutes(10));
  EXPECT_EQ(ask("a"), "fetch");
}

TEST_F(JwksCellTest, StaleOfZeroEndsBeliefWithTheLife) {
  cell = JwksCell(JwksPolicy{.stale = hours(0)});
  load();
  clock.advance(minutes(10));
  fail(lead("a"));
  EXPECT_EQ(ask("a"), "keys_unavailable");
}

// ---- an unknown kid ---------------------------------------------------------------------------------------

TEST_F(JwksCellTest, AnUnknownKidCostsOneAttemptPerCooldown) {
  load();
  clock.advance(seconds(1));
  bring(lead("unknown"));
  EXPECT_EQ(ask("unknown"), "key_unknown");
  EXPECT_EQ(ask("another"), "key_unknown");
  clock.advance(milliseconds(29'999));
  EXPECT_EQ(ask("third"), "key_unknown");
  clock.advance(milliseconds(1));
  EXPECT_EQ(ask("third"), "fetch");
  EXPECT_EQ(ask("fourth"), "join");
}

TEST_F(JwksCellTest, AScheduledAttemptDoesNotUseUpTheOneOfAnUnknownKid) {
  load();
  EXPECT_EQ(ask("unknown"), "fetch");
}

TEST_F(JwksCellTest, TheAttemptOfAnUnknownKidUsesUpTheScheduledOne) {
  load();
  clock.advance(minutes(9) - seconds(1));
  fail(lead("unknown"));
  clock.advance(seconds(1));
  EXPECT_EQ(ask("a"), "found") << "the peer was asked a second ago";
}

TEST_F(JwksCellTest, ARotationIsSeenAtOnce) {
  load();
  clock.advance(seconds(1));
  cell.fetched(lead("c"), {a, b, c}, std::nullopt);
  EXPECT_EQ(ask("c"), "found");
  EXPECT_EQ(status().generation, 2u);
}

TEST_F(JwksCellTest, ASetThatWasRequestedAfterTheQuestionAnswersIt) {
  const Flight asked_after = cell.latest();
  bring(lead("unknown"));
  EXPECT_EQ(name_of(cell.find("unknown", asked_after, clock.now())), "key_unknown")
      << "no second request for one token";
  EXPECT_EQ(ask("unknown"), "fetch") << "for a later token there may have been a rotation since";
}

TEST_F(JwksCellTest, ASetThatWasRequestedBeforeTheQuestionDoesNotAnswerIt) {
  const Flight flight = lead("a");
  const Flight asked_after = cell.latest();
  EXPECT_EQ(name_of(cell.find("unknown", asked_after, clock.now())), "join");
  bring(flight);
  EXPECT_EQ(name_of(cell.find("unknown", asked_after, clock.now())), "fetch");
}

TEST_F(JwksCellTest, WhileTheRefetchFailsAnUnknownKidIsUndecided) {
  load();
  clock.advance(seconds(1));
  fail(lead("unknown"));
  clock.advance(seconds(2));
  const auto error = std::get<JwksCell::Fail>(step("unknown")).error;
  EXPECT_EQ(error.code(), Errc::keys_unavailable);
  EXPECT_EQ(error.retry_after(), seconds(28));
  EXPECT_EQ(ask("a"), "found") << "a known key is not touched by that";
}

TEST_F(JwksCellTest, InAnOutageAnUnknownKidIsUndecided) {
  load();
  clock.advance(minutes(10));
  fail(lead("a"));
  fail(lead("unknown"));
  EXPECT_EQ(ask("unknown"), "keys_unavailable");
  clock.advance(seconds(30));
  EXPECT_EQ(ask("unknown"), "fetch");
}

TEST_F(JwksCellTest, AnUnknownKidNearTheEndOfTheSetTakesTheScheduledAttempt) {
  load();
  clock.advance(minutes(9));
  bring(lead("unknown"));
  EXPECT_EQ(ask("unknown"), "fetch") << "its own attempt is still there";
}

// ---- attempts that do not end as they should --------------------------------------------------------------

TEST_F(JwksCellTest, AnAbandonedAttemptIsNone) {
  cell.abandoned(lead("a"));
  EXPECT_EQ(ask("a"), "fetch");
  bring(cell.latest());
  clock.advance(seconds(1));
  cell.abandoned(lead("unknown"));
  EXPECT_EQ(ask("unknown"), "fetch");
}

TEST_F(JwksCellTest, OnlyTheCurrentAttemptCanEnd) {
  const Flight first = lead("a");
  cell.abandoned(first);
  const Flight second = lead("a");
  bring(first);
  EXPECT_EQ(ask("a"), "join");
  fail(first);
  cell.abandoned(first);
  EXPECT_TRUE(cell.current(second));
  EXPECT_FALSE(cell.current(first));
  bring(second);
  fail(second);
  EXPECT_EQ(ask("a"), "found");
  EXPECT_EQ(status().failures, 0u);
}

TEST_F(JwksCellTest, AnAttemptThatNeverEndsIsGivenUpAfterTwiceItsTimeOut) {
  const Flight lost = lead("a");
  clock.advance(milliseconds(9'999));
  EXPECT_EQ(ask("a"), "join");
  clock.advance(milliseconds(1));
  EXPECT_EQ(ask("a"), "fetch") << "it was long ago that the lost one began";
  EXPECT_FALSE(cell.current(lost));
  bring(lost);
  EXPECT_EQ(ask("a"), "join") << "what comes from the lost one is not believed";
}

// ---- what stays and what grows
// ------------------------------------------------------------------------------

TEST_F(JwksCellTest, TheSameKeysAreTheSameObjectsAndTheSameGeneration) {
  load();
  clock.advance(minutes(10));
  cell.fetched(lead("a"), {{"b", public_key(2)}, {"a", public_key(1)}}, std::nullopt);
  EXPECT_EQ(status().generation, 1u);
  EXPECT_EQ(std::get<JwksCell::Found>(step("a")).key, a.key);
}

TEST_F(JwksCellTest, AnyChangeOfTheSetIsANewGeneration) {
  load();
  for (const jose::KeySet& next :
       {jose::KeySet{a}, jose::KeySet{a, c}, jose::KeySet{{"a", public_key(9)}, c}}) {
    const auto before = cell.generation();
    clock.advance(minutes(10));
    cell.fetched(lead("a"), next, std::nullopt);
    EXPECT_EQ(cell.generation(), before + 1);
  }
  EXPECT_EQ(ask("b"), "fetch") << "a withdrawn key is unknown";
}

TEST_F(JwksCellTest, PrefetchFetchesUnlessThereIsAFreshSet) {
  const auto prefetch = [&] { return name_of(cell.prefetch(clock.now())); };
  EXPECT_EQ(prefetch(), "fetch");
  EXPECT_EQ(prefetch(), "join");
  bring(cell.latest());
  EXPECT_EQ(prefetch(), "fresh");
  clock.advance(minutes(10));
  EXPECT_EQ(prefetch(), "fetch");
  fail(cell.latest());
  EXPECT_EQ(prefetch(), "keys_unavailable");
}

TEST_F(JwksCellTest, TheStatusTellsWhatIsHeld) {
  EXPECT_EQ(status().keys, 0u);
  EXPECT_FALSE(status().usable);
  load();
  clock.advance(seconds(7));
  EXPECT_EQ(status().keys, 2u);
  EXPECT_TRUE(status().usable);
  EXPECT_FALSE(status().stale);
  EXPECT_EQ(status().age, seconds(7));
  clock.advance(minutes(10));
  EXPECT_FALSE(status().stale) << "late, but nobody has failed";
}

TEST(JwksPolicyTest, HasRanges) {
  EXPECT_TRUE(JwksCell::check_policy({}));
  for (const JwksPolicy& bad :
       {JwksPolicy{.fresh = seconds(59)}, JwksPolicy{.fresh = seconds(3601)},
        JwksPolicy{.refresh_ahead = seconds(-1)}, JwksPolicy{.refresh_ahead = seconds(3601)},
        JwksPolicy{.cooldown = seconds(0)}, JwksPolicy{.cooldown = seconds(3601)},
        JwksPolicy{.stale = hours(-1)}, JwksPolicy{.stale = hours(169)},
        JwksPolicy{.fetch_timeout = milliseconds(0)}, JwksPolicy{.fetch_timeout = milliseconds(60'001)},
        JwksPolicy{.max_bytes = 1023}, JwksPolicy{.max_bytes = 1024 * 1024 + 1}, JwksPolicy{.max_keys = 0},
        JwksPolicy{.max_keys = 1025}}) {
    EXPECT_EQ(JwksCell::check_policy(bad).error().code(), Errc::invalid_argument);
  }
}

}  // namespace

}  // namespace tongs::detail
