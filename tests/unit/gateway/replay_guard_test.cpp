#include "gateway/ingress/replay_guard.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tongs::gateway {
namespace {

using std::chrono::seconds;

constexpr WallTime kNow{seconds(1'700'000'000)};

Errc code(const Result<void>& result) { return result ? Errc::internal : result.error().code(); }

TEST(ReplayGuard, LetsATokenInOnceUntilItCouldNotBeUsedAnyway) {
  ReplayGuard guard(1000);
  const WallTime until = kNow + seconds(55);
  EXPECT_TRUE(guard.use("a", until, kNow));
  EXPECT_EQ(code(guard.use("a", until, kNow)), Errc::token_replayed);
  EXPECT_EQ(code(guard.use("a", until, until - seconds(1))), Errc::token_replayed);
  EXPECT_TRUE(guard.use("b", until, kNow));
  EXPECT_TRUE(guard.use("a", until + seconds(55), until));
}

TEST(ReplayGuard, CannotTellWithoutAnId) {
  ReplayGuard guard(1000);
  EXPECT_EQ(code(guard.use("", kNow + seconds(1), kNow)), Errc::token_malformed);
}

TEST(ReplayGuard, DecidesNothingWhenItIsFullAndForgetsNothing) {
  ReplayGuard guard(64);
  const WallTime until = kNow + seconds(55);
  std::vector<std::string> let_in;
  bool full = false;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = "jti-" + std::to_string(i);
    const auto used = guard.use(id, until, kNow);
    if (used) {
      let_in.push_back(id);
    } else {
      EXPECT_EQ(used.error().code(), Errc::unavailable);
      EXPECT_TRUE(used.error().retry_after());
      full = true;
    }
  }
  EXPECT_TRUE(full);
  EXPECT_LE(let_in.size(), 64U);
  for (const auto& id : let_in) EXPECT_EQ(code(guard.use(id, until, kNow)), Errc::token_replayed) << id;
  EXPECT_TRUE(guard.use("another", until + seconds(60), until)) << "the old ones have ended";
}

TEST(ReplayGuard, LetsOneOfManyThreadsIn) {
  ReplayGuard guard(100'000);
  std::atomic<int> let_in{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          if (guard.use("jti-" + std::to_string(i), kNow + seconds(55), kNow)) ++let_in;
        }
      });
    }
  }
  EXPECT_EQ(let_in, 500);
}

}  // namespace
}  // namespace tongs::gateway
