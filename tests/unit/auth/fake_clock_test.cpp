#include <chrono>

#include <gtest/gtest.h>

#include <tongs/testing/fake_clock.hpp>

namespace tongs::testing {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(FakeClock, StandsStillUntilItIsTold) {
  const FakeClock clock(WallTime(seconds(1000)));
  EXPECT_EQ(clock.wall_now(), WallTime(seconds(1000)));
  EXPECT_EQ(clock.mono_now(), clock.mono_now());
}

TEST(FakeClock, AdvancesBothReadingsAndKeepsFractions) {
  FakeClock clock(WallTime(seconds(1000)));
  const MonoTime start = clock.mono_now();
  clock.advance(milliseconds(600));
  EXPECT_EQ(clock.wall_now(), WallTime(seconds(1000)));
  clock.advance(milliseconds(600));
  EXPECT_EQ(clock.wall_now(), WallTime(seconds(1001)));
  EXPECT_EQ(clock.mono_now() - start, milliseconds(1200));
}

TEST(FakeClock, JumpsAndSleepsOnTheWallAlone) {
  FakeClock clock;
  const MonoTime start = clock.mono_now();
  clock.set_wall(WallTime(seconds(5)));
  EXPECT_EQ(clock.wall_now(), WallTime(seconds(5)));
  clock.suspend(seconds(7));
  EXPECT_EQ(clock.wall_now(), WallTime(seconds(12)));
  EXPECT_EQ(clock.mono_now(), start);
}

}  // namespace

}  // namespace tongs::testing
