// Many threads verify while the platform rotates its keys: to be run under ThreadSanitizer too.

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/fit.hpp>
#include <tongs/jwks.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

namespace tongs {

namespace {

using std::chrono::seconds;

constexpr std::size_t kRotations = 4;
constexpr int kThreads = 4;
constexpr int kTokensPerRotation = 20;

/// Publishes whatever set the test put there last.
class Peer final : public Transport {
 public:
  Result<HttpResponse> send(const HttpRequest&, const CallOptions&) const override {
    const std::lock_guard hold(mutex_);
    return HttpResponse{200, {}, set_};
  }
  void publish(std::string set) {
    const std::lock_guard hold(mutex_);
    set_ = std::move(set);
  }

 private:
  mutable std::mutex mutex_;
  std::string set_;
};

/// Runs jobs at once on a thread of their own; the destructor waits for them.
class ThreadPerJob final : public Executor {
 public:
  void post(std::function<void()> job) override {
    const std::lock_guard hold(mutex_);
    threads_.emplace_back(std::move(job));
  }

 private:
  std::mutex mutex_;
  std::vector<std::jthread> threads_;
};

/// What the platform publishes after each rotation, with a token of each newest key and one that only says
/// so. Keys stay published, for a slow thread may come with an old token.
struct Rotations {
  std::array<std::string, kRotations> sets, tokens, forged;

  Rotations() {
    testing::TestIssuer issuer;
    const testing::TestIssuer forger;
    testing::TestFit fit;
    fit.life = std::chrono::hours(10);
    for (std::size_t i = 0; i < kRotations; ++i) {
      if (i > 0) issuer.rotate();
      sets[i] = issuer.jwks();
      tokens[i] = issuer.sign(fit);
      forged[i] = forger.sign(issuer.header(), fit.json());
    }
  }
};

TEST(FitRotation, EveryTokenOfAPublishedKeyIsAcceptedAndNoForgedOne) {
  const Rotations rotations;
  const auto peer = std::make_shared<Peer>();
  const auto clock = std::make_shared<testing::FakeClock>();
  const auto background = std::make_shared<ThreadPerJob>();
  const auto keys = RemoteKeySource::create("https://keys.example/jwks", peer, {}, clock, background).value();
  const auto verifier =
      FitVerifier::create(AppId::parse(testing::TestFit().app_id).value(), keys, {}, clock).value();

  std::atomic<std::size_t> newest = 0;
  std::array<std::atomic<int>, kRotations> accepted{};
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> threads;
  peer->publish(rotations.sets[0]);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const std::size_t now = newest;
        wrong += verifier.verify(rotations.tokens[now]) ? 0 : 1;
        wrong += verifier.verify(rotations.forged[now]) ? 1 : 0;
        ++accepted[now];
        accepted[now].notify_all();
      }
    });
  }
  const auto wait_for_tokens = [&](std::size_t rotation, int count) {
    for (int seen = accepted[rotation]; seen < count; seen = accepted[rotation])
      accepted[rotation].wait(seen);
  };
  wait_for_tokens(0, kTokensPerRotation);
  for (std::size_t i = 1; i < kRotations; ++i) {
    clock->advance(seconds(31));  // the attempt that an unknown kid may cause is there again
    peer->publish(rotations.sets[i]);
    newest = i;
    wait_for_tokens(i, kTokensPerRotation);
  }
  EXPECT_EQ(keys->status().generation, kRotations);
  EXPECT_EQ(keys->status().failures, 0U);
  for (int minute = 0; minute < 30;
       ++minute) {  // through refreshes ahead, ends of life, and attempts given up as lost
    clock->advance(seconds(60));
    wait_for_tokens(kRotations - 1, accepted[kRotations - 1] + 1);
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(keys->status().generation, kRotations);
}

}  // namespace

}  // namespace tongs
