// Many threads, one token manager: to be run under ThreadSanitizer too.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/testing/fake_clock.hpp>
#include <tongs/token_manager.hpp>

#include "support/scripted_user_tokens.hpp"
#include "support/tokens.hpp"

namespace tongs {

namespace {

using namespace std::chrono_literals;
using testing::account_id;
using testing::FakeClock;
using testing::Gate;
using testing::ScriptedUserTokens;

/// Until so many callers wait for another's fetch.
void wait_for_joins(const TokenManager& manager, std::uint64_t joins) {
  while (manager.stats().joins < joins) std::this_thread::yield();
}

TEST(TokenManagerConcurrency, AThousandCallersOfOneAccountAreOneFetch) {
  constexpr std::size_t callers = 1000;
  const auto source = std::make_shared<ScriptedUserTokens>();
  Gate gate;
  source->answer_behind(gate);
  TokenManager manager(source);
  std::atomic<std::size_t> served = 0;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < callers; ++i) {
    threads.emplace_back([&] { served += manager.get_token(account_id()) ? 1 : 0; });
  }
  wait_for_joins(manager, callers - 1);
  gate.open();
  threads.clear();
  EXPECT_EQ(served, callers);
  EXPECT_EQ(source->asked(), 1);
}

TEST(TokenManagerConcurrency, AThousandCallersInTheRefreshWindowAreOneFetch) {
  constexpr std::size_t callers = 1000;
  const auto source = std::make_shared<ScriptedUserTokens>();
  const auto clock = std::make_shared<FakeClock>();
  TokenManager manager(source, {}, clock);
  ASSERT_TRUE(manager.prefetch(account_id()));
  clock->advance(3400s);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < callers; ++i) {
    threads.emplace_back([&] { EXPECT_TRUE(manager.get_token(account_id())); });
  }
  threads.clear();
  EXPECT_EQ(source->asked(), 2);
}

TEST(TokenManagerConcurrency, LeadersMayLeaveOneAfterTheOtherAndTheLastCallerGetsHisToken) {
  constexpr std::size_t callers = 16;
  const auto source = std::make_shared<ScriptedUserTokens>();
  std::vector<std::stop_source> stops(callers);
  // Each leader but the last finds that his own caller gives up while he waits for the answer.
  for (std::size_t i = 0; i + 1 < callers; ++i) {
    source->run([&stops](const CallOptions& call) -> Result<FetchedToken> {
      for (std::stop_source& stop : stops) {
        if (stop.get_token() == call.stop) stop.request_stop();
      }
      return Error(Errc::cancelled, "the leader left");
    });
  }
  TokenManager manager(source, {.retry_floor = 0ms});
  std::atomic<std::size_t> served = 0;
  std::atomic<std::size_t> cancelled = 0;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < callers; ++i) {
    threads.emplace_back([&, i] {
      const auto token = manager.get_token(account_id(), {.stop = stops[i].get_token()});
      served += token ? 1 : 0;
      cancelled += !token && token.error().code() == Errc::cancelled ? 1 : 0;
    });
  }
  threads.clear();
  EXPECT_EQ(served, 1U);
  EXPECT_EQ(cancelled, callers - 1) << "nobody gets an error for another's leaving";
  EXPECT_EQ(source->asked(), static_cast<int>(callers));
}

/// Tokens with growing numbers.
class NumberedTokens final : public UserTokenSource {
 public:
  const InstallationId& installation() const noexcept override { return installation_; }
  Result<FetchedToken> fetch(const AccountId&, const CallOptions&) override {
    const std::uint64_t number = ++begun;
    std::this_thread::yield();
    return testing::with_life(std::to_string(number), 1h);
  }
  /// Questions so far.
  std::atomic<std::uint64_t> begun = 0;

 private:
  InstallationId installation_ = testing::installation_id();
};

std::uint64_t number_of(const AccessToken& token) { return std::stoull(std::string(token.reveal())); }

TEST(TokenManagerConcurrency, WhatWasAskedBeforeAnInvalidationIsNotServedAfterIt) {
  constexpr int rounds = 2000;
  const auto source = std::make_shared<NumberedTokens>();
  TokenManager manager(source);
  std::atomic<std::uint64_t> invalid_up_to = 0;
  std::atomic<int> readers = 3;
  std::vector<std::jthread> threads;
  for (int reader = 0; reader < 3; ++reader) {
    threads.emplace_back([&] {
      for (int i = 0; i < rounds; ++i) {
        const std::uint64_t floor = invalid_up_to;
        const auto token = manager.get_token(account_id());
        EXPECT_TRUE(token && number_of(*token) > floor);
      }
      --readers;
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; readers > 0; ++i) {
      const std::uint64_t begun = source->begun;
      if (i % 2 == 0) {
        manager.invalidate_all();
      } else {
        manager.invalidate(account_id());
      }
      invalid_up_to = begun;
      std::this_thread::yield();
    }
  });
}

TEST(TokenManagerConcurrency, ATokenThatWasRejectedIsNotServedAgain) {
  constexpr int rounds = 2000;
  const auto source = std::make_shared<NumberedTokens>();
  TokenManager manager(source);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        const auto refused = manager.get_token(account_id());
        ASSERT_TRUE(refused);
        manager.invalidate(*refused);
        const auto next = manager.get_token(account_id());
        ASSERT_TRUE(next);
        ASSERT_FALSE(same_token(*refused, *next));
      }
    });
  }
}

TEST(TokenManagerConcurrency, TheBoundHoldsWhileAccountsComeAndGo) {
  const auto source = std::make_shared<ScriptedUserTokens>();
  TokenManager manager(source, {.max_accounts = 200});
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 1000; ++i) {
        const AccountId account = account_id("user-" + std::to_string((i * 7 + thread * 13) % 600));
        const auto token = manager.get_token(account);
        ASSERT_TRUE(token);
        ASSERT_EQ(token->account(), account);
        if (i % 50 == 0) manager.invalidate(account);
      }
    });
  }
  threads.clear();
  EXPECT_LE(manager.stats().accounts, 200U);
}

/// Two threads that run jobs until the pool ends; jobs that have not begun then are dropped.
class Pool final : public Executor {
 public:
  Pool() {
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
  void post(std::function<void()> job) override {
    const std::lock_guard hold(mutex_);
    jobs_.push_back(std::move(job));
    changed_.notify_one();
  }

 private:
  void work(const std::stop_token& stop) {
    std::unique_lock hold(mutex_);
    while (changed_.wait(hold, stop, [this] { return !jobs_.empty(); })) {
      const auto job = std::move(jobs_.front());
      jobs_.pop_front();
      hold.unlock();
      job();
      hold.lock();
      if (stop.stop_requested()) return;
    }
  }
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::jthread> threads_;
};

TEST(TokenManagerConcurrency, AManagerMayEndWhileItsExecutorFetches) {
  for (int round = 0; round < 50; ++round) {
    const auto source = std::make_shared<NumberedTokens>();
    const auto pool = std::make_shared<Pool>();
    std::optional<TokenManager> manager(std::in_place, source, TokenPolicy{}, Clock::system(), pool);
    for (int i = 0; i < 20; ++i) {
      (void)manager->get_token(account_id("user-" + std::to_string(i)), {.deadline = MonoTime::min()});
    }
    manager.reset();
  }
}

TEST(TokenManagerConcurrency, CallersWithLimitsAndAnExecutorAllGetTokens) {
  const auto source = std::make_shared<NumberedTokens>();
  TokenManager manager(source, {}, Clock::system(), std::make_shared<Pool>());
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread](const std::stop_token& stop) {
      for (int i = 0; i < 200; ++i) {
        const AccountId account = account_id("user-" + std::to_string((i + thread) % 100));
        ASSERT_TRUE(manager.get_token(account, {.stop = stop}));
      }
    });
  }
  for (std::jthread& thread : threads) thread.join();
  EXPECT_EQ(source->begun, 100U);
}

}  // namespace

}  // namespace tongs
