#include "gateway/sources/source_cell.hpp"

#include <random>

#include <gtest/gtest.h>

namespace tongs::gateway {
namespace {

using namespace std::chrono_literals;
using Held = SourceCell::Held;
using Step = SourceCell::Step;

const std::vector<std::string_view> kNames{"auth-trigger", "oauth"};
const SourcePolicy kPolicy;

MonoTime at(std::chrono::milliseconds since) { return MonoTime(std::chrono::hours(1) + since); }
Error failure(std::string what = "it broke") { return {Errc::transport_failed, std::move(what)}; }

class Cell : public ::testing::Test {
 protected:
  /// A flight in which every source that is asked fails with nothing drawn on top of the floor.
  void fail_all(MonoTime now) {
    ASSERT_EQ(cell_.get(Held::none, now), Step::fly);
    while (const auto source = cell_.next(now)) cell_.failed(*source, failure(), true, now, 0);
  }
  void bring(MonoTime now) {
    ASSERT_EQ(cell_.get(Held::none, now), Step::fly);
    cell_.brought(*cell_.next(now), now);
  }
  SourceCell cell_{kNames, kPolicy};
};

TEST_F(Cell, follows_its_table) {
  struct Row {
    Held held;
    Step rested, settled, flying, paused;
  };
  for (const auto& [held, rested, settled, flying, paused] : std::initializer_list<Row>{
           {Held::good, Step::serve, Step::serve, Step::serve, Step::serve},
           {Held::ends_soon, Step::serve_and_fly, Step::serve, Step::serve, Step::serve},
           {Held::refused, Step::fly, Step::serve, Step::join, Step::serve},
           {Held::none, Step::fly, Step::fly, Step::join, Step::fail},
       }) {
    const MonoTime now = at(0s);
    EXPECT_EQ((SourceCell(kNames, kPolicy).get(held, now)), rested);
    cell_ = SourceCell(kNames, kPolicy);
    bring(now);
    EXPECT_EQ(cell_.get(held, now + 59s), settled);
    cell_ = SourceCell(kNames, kPolicy);
    ASSERT_EQ(cell_.get(Held::none, now), Step::fly);
    EXPECT_EQ(cell_.get(held, now), flying);
    cell_ = SourceCell(kNames, kPolicy);
    fail_all(now);
    EXPECT_EQ(cell_.get(held, now), paused);
  }
}

TEST_F(Cell, asks_the_sources_in_their_order_until_one_brings_a_token) {
  ASSERT_EQ(cell_.get(Held::none, at(0s)), Step::fly);
  EXPECT_EQ(cell_.next(at(0s)), 0U);
  cell_.failed(0, failure(), true, at(0s), 0);
  EXPECT_TRUE(cell_.flying());
  EXPECT_EQ(cell_.next(at(0s)), 1U);
  cell_.brought(1, at(0s));
  EXPECT_FALSE(cell_.flying());
}

TEST_F(Cell, leaves_out_a_source_in_its_pause_and_asks_it_again_after_it) {
  ASSERT_EQ(cell_.get(Held::none, at(0s)), Step::fly);
  cell_.failed(*cell_.next(at(0s)), failure().with_retry_after(30s), true, at(0s), 0);
  cell_.brought(*cell_.next(at(0s)), at(0s));
  ASSERT_EQ(cell_.get(Held::none, at(29s)), Step::fly);
  EXPECT_EQ(cell_.next(at(29s)), 1U);
  cell_.brought(1, at(29s));
  ASSERT_EQ(cell_.get(Held::none, at(30s)), Step::fly);
  EXPECT_EQ(cell_.next(at(30s)), 0U);
}

TEST_F(Cell, names_each_source_and_when_to_come_again) {
  ASSERT_EQ(cell_.get(Held::none, at(0s)), Step::fly);
  cell_.failed(*cell_.next(at(0s)), failure("no push came"), true, at(0s), 0);
  cell_.failed(*cell_.next(at(0s)), Error(Errc::rejected, "unknown client"), true, at(0s), UINT32_MAX);
  EXPECT_FALSE(cell_.next(at(0s)));
  const Error why = cell_.why(at(400ms));
  EXPECT_EQ(why.describe(),
            "no source gave a system token; auth-trigger: no push came; oauth: unknown client");
  EXPECT_EQ(why.code(), Errc::unavailable) << "it was not the caller who was refused";
  EXPECT_EQ(why.retry_after(), 600ms);
}

TEST_F(Cell, does_not_pause_a_source_that_was_never_asked_aloud) {
  ASSERT_EQ(cell_.get(Held::none, at(0s)), Step::fly);
  while (const auto source = cell_.next(at(0s))) cell_.failed(*source, failure(), false, at(0s), 0);
  EXPECT_EQ(cell_.get(Held::none, at(0s)), Step::fly);
}

TEST_F(Cell, pauses_longer_the_more_often_a_source_fails) {
  MonoTime now = at(0s);
  auto longest = 0ms;
  for (int i = 0; i < 12; ++i) {
    ASSERT_EQ(cell_.get(Held::none, now), Step::fly);
    while (const auto source = cell_.next(now)) cell_.failed(*source, failure(), true, now, UINT32_MAX);
    const auto pause = *cell_.why(now).retry_after();
    EXPECT_GE(pause, longest);
    EXPECT_LE(pause, kPolicy.floor + kPolicy.pause.cap);
    longest = pause;
    now += pause;
  }
  EXPECT_EQ(longest, kPolicy.floor + kPolicy.pause.cap);
}

TEST_F(Cell, is_blank_again_when_all_is_forgiven) {
  EXPECT_TRUE(cell_.is_blank(at(0s)));
  fail_all(at(0s));
  EXPECT_FALSE(cell_.is_blank(at(0s)));
  EXPECT_TRUE(cell_.is_blank(at(2h)));
}

/// Random histories keep what every caller relies on.
TEST(SourceCellModel, never_flies_twice_at_once_and_never_asks_a_paused_source) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    SourceCell cell(kNames, kPolicy);
    std::vector<MonoTime> paused_until(kNames.size(), MonoTime::min());
    MonoTime now = at(0s);
    bool flying = false;
    std::optional<std::size_t> asked;
    for (int i = 0; i < 400; ++i) {
      now += std::chrono::milliseconds(random() % 3000);
      switch (random() % 3) {
        case 0: {
          const auto held = static_cast<Held>(random() % 4);
          const Step step = cell.get(held, now);
          const bool begins = step == Step::fly || step == Step::serve_and_fly;
          ASSERT_FALSE(begins && flying) << seed;
          ASSERT_EQ(step == Step::join, flying && (held == Held::none || held == Held::refused)) << seed;
          ASSERT_FALSE(step == Step::fail && held != Held::none) << "a living token is always given out";
          if (step == Step::fail) {
            ASSERT_TRUE(cell.why(now).retry_after()) << "who is sent away is told when to come again";
          }
          flying = flying || begins;
          break;
        }
        case 1:
          if (!flying || asked) break;
          asked = cell.next(now);
          if (asked) {
            ASSERT_LE(paused_until[*asked], now) << seed;
          }
          flying = asked.has_value();
          break;
        default:
          if (!asked) break;
          if (random() % 2 == 0) {
            cell.brought(*asked, now);
            paused_until[*asked] = MonoTime::min();
            flying = false;
          } else {
            cell.failed(*asked, failure(), true, now, static_cast<std::uint32_t>(random()));
            paused_until[*asked] = now + kPolicy.floor;
          }
          asked.reset();
      }
      ASSERT_EQ(cell.flying(), flying) << seed;
    }
  }
}

TEST(FailureBudget, lets_some_failures_through_and_then_one_a_second) {
  FailureBudget budget;
  for (int i = 0; i < static_cast<int>(FailureBudget::kMost); ++i) {
    EXPECT_TRUE(budget.allows(at(0s)));
    budget.spend(at(0s));
  }
  EXPECT_FALSE(budget.allows(at(0s)));
  EXPECT_FALSE(budget.allows(at(900ms)));
  EXPECT_TRUE(budget.allows(at(1s)));
  budget.spend(at(1s));
  EXPECT_FALSE(budget.allows(at(1s)));
  EXPECT_TRUE(budget.allows(at(1h)));
}

}  // namespace
}  // namespace tongs::gateway
