#include <string_view>

#include <gtest/gtest.h>

#include "emulator/base/time.hpp"
#include "emulator/platform/emulator_clock.hpp"

namespace tongs::emulator {
namespace {

using namespace std::chrono_literals;

constexpr RealTime kStart{std::chrono::seconds(1'800'000'000)};
constexpr PlatformTime kPlatformStart{std::chrono::seconds(1'800'000'000)};

TEST(EmulatorClock, FollowsTheMachine) {
  EmulatorClock clock(kStart);
  EXPECT_EQ(clock.at(kStart), kPlatformStart);
  EXPECT_EQ(clock.at(kStart + 8h), kPlatformStart + 8h);
}

TEST(EmulatorClock, AnAdvanceStays) {
  EmulatorClock clock(kStart);
  clock.advance_to(kStart + 1s, kPlatformStart + 1h);
  EXPECT_EQ(clock.at(kStart + 1s), kPlatformStart + 1h);
  EXPECT_EQ(clock.at(kStart + 11s), kPlatformStart + 1h + 10s);
  clock.advance_to(kStart + 11s, kPlatformStart);
  EXPECT_EQ(clock.at(kStart + 11s), kPlatformStart + 1h + 10s) << "an advance never goes back";
}

TEST(EmulatorClock, RunsAsFastAsAsked) {
  EmulatorClock clock(kStart);
  clock.set_scale(kStart, 1.5);
  PlatformTime now{};
  for (int i = 1; i <= 1000; ++i) now = clock.at(kStart + Millis(i));
  EXPECT_EQ(now, kPlatformStart + 1500ms) << "small steps lose nothing";
  EXPECT_EQ(clock.wait_until(kStart + 1s, kPlatformStart + 3s), 1s);
  EXPECT_EQ(clock.wait_until(kStart + 1s, kPlatformStart), 0s);
}

TEST(EmulatorClock, NeverGoesBackWithTheMachine) {
  EmulatorClock clock(kStart);
  EXPECT_EQ(clock.at(kStart + 10s), kPlatformStart + 10s);
  EXPECT_EQ(clock.at(kStart - 1h), kPlatformStart + 10s);
  EXPECT_EQ(clock.at(kStart - 1h + 5s), kPlatformStart + 15s);
}

TEST(EmulatorClock, ContinuesASavedRunUnlessTheMachineIsPastIt) {
  EXPECT_EQ(EmulatorClock(kStart, kPlatformStart + 1h).at(kStart), kPlatformStart + 1h);
  EXPECT_EQ(EmulatorClock(kStart, kPlatformStart - 1h).at(kStart), kPlatformStart);
}

TEST(Time, IsWrittenAndReadAsIso) {
  EXPECT_EQ(iso_time(kStart + 7ms), "2027-01-15T08:00:00.007Z");
  EXPECT_EQ(parse_iso_time("2027-01-15T08:00:00.000Z"), kPlatformStart);
  EXPECT_EQ(parse_iso_time("2027-13-15T08:00:00.000Z"), std::nullopt);
  EXPECT_EQ(parse_iso_time("yesterday"), std::nullopt);
}

TEST(Time, ReadsDurationsAsPeopleWriteThem) {
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("2d"), 48h);
  for (const std::string_view wrong :
       {"", "5", "h", "-1h", "1.5h", "1y", "1h ", "99999999999999999999s", "4000d"}) {
    EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace tongs::emulator
