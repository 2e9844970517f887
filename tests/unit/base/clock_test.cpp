#include <chrono>

#include <gtest/gtest.h>

#include <tongs/call_options.hpp>
#include <tongs/clock.hpp>

namespace tongs {

namespace {

TEST(SystemClock, ReadsTheMachinesClocks) {
  const auto wall_before = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto mono_before = std::chrono::steady_clock::now();
  const Now now = Clock::system()->now();
  EXPECT_GE(now.wall, wall_before);
  EXPECT_GE(now.mono, mono_before);
  EXPECT_LE(now.mono, std::chrono::steady_clock::now());
}

TEST(SystemClock, IsOneForTheProcess) { EXPECT_EQ(Clock::system(), Clock::system()); }

TEST(CallOptions, MayTakeForEverUnlessToldOtherwise) {
  EXPECT_EQ(CallOptions().deadline, MonoTime::max());
  EXPECT_FALSE(CallOptions().stop.stop_possible());
  EXPECT_GT(CallOptions::within(std::chrono::hours(1)).deadline, std::chrono::steady_clock::now());
}

}  // namespace

}  // namespace tongs
