#include "gateway/broker/user_token_limit.hpp"

#include <memory>
#include <optional>

#include <gtest/gtest.h>

namespace tongs::gateway {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Outcome = std::optional<Result<void>>;

class Limit : public ::testing::Test {
 protected:
  std::shared_ptr<Outcome> ask(UserTokenLimit& limit, std::chrono::milliseconds patience) {
    auto outcome = std::make_shared<Outcome>();
    asio::co_spawn(reactor_.context, call(limit, patience, outcome), asio::detached);
    reactor_.context.restart();
    reactor_.context.poll();
    return outcome;
  }
  static net::Task<> call(UserTokenLimit& limit, std::chrono::milliseconds patience,
                          std::shared_ptr<Outcome> outcome) {
    *outcome = co_await limit.turn(*InstallationId::parse("one"), Urgency::waited_for,
                                   net::Steady::now() + patience);
  }
  bool shows(const std::string& line) const {
    return registry_.text().find(line + "\n") != std::string::npos;
  }

  net::Reactor reactor_;
  metrics::Registry registry_;
};

TEST_F(Limit, holds_a_caller_until_his_turn_and_counts_him) {
  UserTokenLimit limit(reactor_, 600, registry_);
  auto last = ask(limit, 1h);
  while (*last) last = ask(limit, 1h);
  EXPECT_TRUE(shows("tongs_user_token_waiting 1"));
  reactor_.context.restart();
  reactor_.context.run();
  ASSERT_TRUE(*last);
  EXPECT_TRUE(**last);
  EXPECT_TRUE(shows("tongs_user_token_waiting 0"));
  EXPECT_FALSE(shows("tongs_user_token_turns_total{outcome=\"granted\"} 0"));
}

TEST_F(Limit, refuses_at_once_whose_turn_comes_too_late) {
  UserTokenLimit limit(reactor_, 1, registry_);
  ASSERT_TRUE(*ask(limit, 1h));
  const auto refused = ask(limit, 10s);
  ASSERT_TRUE(*refused);
  EXPECT_EQ((*refused)->error().code(), Errc::rate_limited);
  EXPECT_GT((*refused)->error().retry_after(), 50s);
  EXPECT_TRUE(shows("tongs_user_token_turns_total{outcome=\"refused\"} 1"));
}

TEST_F(Limit, sends_away_all_who_wait_when_atlassian_itself_says_when_to_come_again) {
  UserTokenLimit limit(reactor_, 1, registry_);
  ask(limit, 1h);
  const auto waiting = ask(limit, 2min);
  EXPECT_FALSE(*waiting);
  limit.throttled(10min);
  reactor_.context.restart();
  reactor_.context.poll();
  ASSERT_TRUE(*waiting);
  EXPECT_GT((*waiting)->error().retry_after(), 9min);
  EXPECT_TRUE(shows("tongs_user_token_throttled_total 1"));
}

TEST_F(Limit, of_zero_is_none) {
  UserTokenLimit limit(reactor_, 0, registry_);
  for (int i = 0; i < 3000; ++i) ASSERT_TRUE(*ask(limit, 0s));
  limit.throttled(std::nullopt);
  EXPECT_TRUE(*ask(limit, 0s));
}

}  // namespace
}  // namespace tongs::gateway
