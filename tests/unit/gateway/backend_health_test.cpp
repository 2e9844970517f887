#include "gateway/ingress/backend_health.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tongs::gateway {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr HealthPolicy kPolicy{
    .failures = 3, .first_pause = 200ms, .longest_pause = 1000ms, .trial_time = 6000ms};

/// One failure is too many.
constexpr HealthPolicy kStrict{
    .failures = 1, .first_pause = 200ms, .longest_pause = 1000ms, .trial_time = 6000ms};

/// What happens to a backend at a time, and what must come of it.
struct Event {
  enum class What { asks, fails, lives };
  milliseconds at;
  What what;
  std::optional<milliseconds> pause = {};  ///< `asks`: for how long not
  bool changes = false;                    ///< `fails`, `lives`: from up to down, or back
  milliseconds tried_for = 0ms;            ///< `fails`: since when it had been tried
};

struct Story {
  const char* name;
  HealthPolicy policy;
  std::vector<Event> events;
  bool up_at_the_end;
};

class BackendHealthStory : public ::testing::TestWithParam<Story> {};

TEST_P(BackendHealthStory, GoesAsItMust) {
  BackendHealth health;
  const HealthPolicy& policy = GetParam().policy;
  const BackendHealth::Time start{100h};
  int line = 0;
  for (const Event& event : GetParam().events) {
    SCOPED_TRACE("event " + std::to_string(++line));
    const auto now = start + event.at;
    switch (event.what) {
      case Event::What::asks:
        EXPECT_EQ(health.pause(policy, now), event.pause);
        break;
      case Event::What::fails:
        EXPECT_EQ(health.failed(policy, now - event.tried_for, now), event.changes);
        break;
      case Event::What::lives:
        EXPECT_EQ(health.lives(), event.changes);
        EXPECT_TRUE(health.sound());
        break;
    }
  }
  EXPECT_EQ(health.up(), GetParam().up_at_the_end);
}

constexpr auto kAsks = Event::What::asks, kFails = Event::What::fails, kLives = Event::What::lives;
constexpr auto kYes = std::nullopt;
constexpr bool kChange = true;

INSTANTIATE_TEST_SUITE_P(
    Stories, BackendHealthStory,
    ::testing::Values(
        Story{"a_failure_is_forgiven", kPolicy, {{0ms, kFails}, {1ms, kFails}, {2ms, kAsks, kYes}}, true},
        Story{"failures_in_a_row_end_it",
              kPolicy,
              {{0ms, kFails}, {1ms, kFails}, {2ms, kFails, {}, kChange}, {3ms, kAsks, 199ms}},
              false},
        Story{"a_sign_of_life_between_them_counts",
              kPolicy,
              {{0ms, kFails}, {1ms, kFails}, {2ms, kLives}, {3ms, kFails}, {4ms, kFails}, {5ms, kAsks, kYes}},
              true},
        Story{"none_is_enough_if_none_is_the_limit",
              {.failures = 0},
              {{0ms, kFails}, {1ms, kFails}, {2ms, kFails}, {3ms, kFails}, {4ms, kAsks, kYes}},
              true},
        Story{"after_the_pause_one_may_try",
              kStrict,
              {{0ms, kFails, {}, kChange}, {199ms, kAsks, 1ms}, {200ms, kAsks, kYes}, {200ms, kAsks, 6000ms}},
              false},
        Story{"a_trial_that_succeeds_ends_it",
              kStrict,
              {{0ms, kFails, {}, kChange},
               {200ms, kAsks, kYes},
               {201ms, kLives, {}, kChange},
               {202ms, kAsks, kYes}},
              true},
        Story{"a_trial_that_fails_doubles_the_pause_up_to_a_limit",
              kStrict,
              {{0ms, kFails, {}, kChange},
               {200ms, kAsks, kYes},
               {200ms, kFails},
               {200ms, kAsks, 400ms},
               {600ms, kAsks, kYes},
               {600ms, kFails},
               {600ms, kAsks, 800ms},
               {1400ms, kAsks, kYes},
               {1400ms, kFails},
               {1400ms, kAsks, 1000ms},
               {2400ms, kAsks, kYes},
               {2400ms, kFails},
               {2400ms, kAsks, 1000ms}},
              false},
        Story{"the_next_time_begins_with_a_short_pause",
              kStrict,
              {{0ms, kFails, {}, kChange},
               {200ms, kAsks, kYes},
               {200ms, kFails},
               {600ms, kAsks, kYes},
               {601ms, kLives, {}, kChange},
               {700ms, kFails, {}, kChange},
               {700ms, kAsks, 200ms}},
              false},
        Story{"what_began_before_it_was_down_says_nothing_new",
              kStrict,
              {{5000ms, kFails, {}, kChange}, {5001ms, kFails, {}, false, 4000ms}, {5002ms, kAsks, 198ms}},
              false},
        Story{"what_began_before_the_trial_says_nothing_of_it",
              kStrict,
              {{5000ms, kFails, {}, kChange},
               {5200ms, kAsks, kYes},
               {5201ms, kFails, {}, false, 4000ms},
               {5202ms, kLives, {}, kChange}},
              true},
        Story{"a_trial_that_nothing_is_heard_of_makes_room_for_another",
              kStrict,
              {{0ms, kFails, {}, kChange}, {200ms, kAsks, kYes}, {6199ms, kAsks, 1ms}, {6200ms, kAsks, kYes}},
              false},
        Story{"the_limit_holds_for_the_first_pause_too",
              {.failures = 1, .longest_pause = 100ms},
              {{0ms, kFails, {}, kChange}, {0ms, kAsks, 100ms}},
              false}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(BackendHealth, IsSoundUntilSomethingFails) {
  BackendHealth health;
  EXPECT_TRUE(health.sound());
  (void)health.failed(kPolicy, BackendHealth::Time{1h}, BackendHealth::Time{1h});
  EXPECT_FALSE(health.sound());
  EXPECT_TRUE(health.up());
}

}  // namespace
}  // namespace tongs::gateway
