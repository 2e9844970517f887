#include <deque>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include <tongs/testing/fake_clock.hpp>

#include "common/net/timer.hpp"
#include "gateway/broker/broker.hpp"
#include "support/vault_fixture.hpp"

namespace tongs::gateway {
namespace {

namespace asio = boost::asio;
using vault::testing::account_id;
using vault::testing::installation;
using vault::testing::installation_id;

/// A platform whose answers come when the test says so. Its n-th token says "n".
class SlowPlatform final : public AsyncTransport {
 public:
  explicit SlowPlatform(net::Reactor& reactor) : reactor_(reactor) {}

  Task<Result<HttpResponse>> send(HttpRequest, MonoTime) override {
    const int number = asked_++;
    auto gate = std::make_shared<net::Timer>(reactor_.context);
    gate->expires_after(std::chrono::hours(1));
    gates_.push_back(gate);
    auto [ended] = co_await gate->async_wait(net::use_tuple);
    (void)ended;
    HttpResponse answer{.status = 200};
    answer.body = R"({"data":{"offlineUserAuthToken":{"success":true,"errors":null,"authToken":{"token":")" +
                  std::to_string(number) + R"(","ttl":3600}}}})";
    co_return answer;
  }
  /// How many were asked for so far: the number of the next token.
  int asked() const { return asked_; }
  bool answer_one(std::size_t which) {
    if (gates_.empty()) return false;
    const auto gate = gates_.begin() + static_cast<std::ptrdiff_t>(which % gates_.size());
    (*gate)->cancel();
    gates_.erase(gate);
    return true;
  }

 private:
  net::Reactor& reactor_;
  std::deque<std::shared_ptr<net::Timer>> gates_;
  int asked_ = 0;
};

class BrokerConsent : public ::testing::Test {
 protected:
  BrokerConsent() {
    vault::VaultOptions options;
    options.url = "memory:";
    vault_ = vault::Vault::open(std::move(options)).value();
    BrokerOptions asked_at;
    asked_at.graphql_url = "http://127.0.0.1/graphql";
    broker_ = std::make_unique<Broker>(reactor_, std::move(asked_at), vault_, platform_, clock_);
  }

  void push_system_token(int number) {
    const WallTime now = clock_->wall_now();
    (void)vault_->offer_system_token(installation_id(number), Secret("system"), now + std::chrono::hours(4),
                                     now);
  }
  void arrive(int number) {
    ASSERT_TRUE(vault_->observe(installation(number)));
    push_system_token(number);
  }

  using Outcome = std::optional<Result<AccessToken>>;
  std::shared_ptr<Outcome> ask(int number, int user, std::function<void(const AccessToken&)> given = {}) {
    auto outcome = std::make_shared<Outcome>();
    asio::co_spawn(reactor_.context, call(number, user, outcome, std::move(given)), asio::detached);
    run();
    return outcome;
  }
  net::Task<> call(int number, int user, std::shared_ptr<Outcome> outcome,
                   std::function<void(const AccessToken&)> given) {
    auto token = co_await broker_->user_token(installation_id(number), account_id(user),
                                              net::Steady::now() + std::chrono::hours(1));
    if (token && given) given(*token);
    *outcome = std::move(token);
  }
  /// All that can go on without an answer of the platform.
  void run() {
    reactor_.context.restart();
    reactor_.context.poll();
  }
  void land(std::size_t which = 0) {
    platform_->answer_one(which);
    run();
  }

  void revoke(int number) {
    (void)vault_->revoke(installation_id(number), clock_->wall_now());
    broker_->forget_users(installation_id(number));
  }
  void authorize(int number) {
    (void)vault_->authorize(installation_id(number), clock_->wall_now());
    broker_->forget_users(installation_id(number));
  }
  void revoke_user(int number, int user) {
    (void)vault_->revoke_user(installation_id(number), account_id(user), clock_->wall_now());
    broker_->forget_user(installation_id(number), account_id(user));
  }
  void authorize_user(int number, int user) {
    (void)vault_->authorize_user(installation_id(number), account_id(user), clock_->wall_now());
    broker_->forget_user(installation_id(number), account_id(user));
  }

  net::Reactor reactor_;
  std::shared_ptr<testing::FakeClock> clock_ = std::make_shared<testing::FakeClock>();
  std::shared_ptr<SlowPlatform> platform_ = std::make_shared<SlowPlatform>(reactor_);
  std::shared_ptr<vault::Vault> vault_;
  std::unique_ptr<Broker> broker_;
};

TEST_F(BrokerConsent, taken_back_while_a_token_is_on_its_way_keeps_it_in) {
  arrive(1);
  const auto caller = ask(1, 1);
  revoke_user(1, 1);
  land();
  ASSERT_TRUE(*caller);
  EXPECT_EQ((*caller)->error().code(), Errc::forbidden);
  EXPECT_EQ((*ask(1, 1))->error().code(), Errc::forbidden);
  EXPECT_EQ(platform_->asked(), 1) << "nobody is asked for a user who took no part";
}

TEST_F(BrokerConsent, given_again_before_an_old_token_lands_brings_another_one) {
  for (const bool whole : {true, false}) {
    const int number = whole ? 1 : 2;
    arrive(number);
    const auto caller = ask(number, 1);
    const int before = platform_->asked();
    if (whole) {
      revoke(number);
      authorize(number);
      push_system_token(number);
    } else {
      revoke_user(number, 1);
      authorize_user(number, 1);
    }
    land();
    EXPECT_FALSE(*caller) << "the token was asked for under the consent of before";
    land();
    ASSERT_TRUE(*caller);
    EXPECT_EQ((*caller)->value().reveal(), std::to_string(before));
  }
}

TEST_F(BrokerConsent, of_one_user_taken_back_leaves_the_token_of_another_as_it_is) {
  arrive(1);
  ask(1, 1);
  ask(1, 2);
  land();
  land();
  revoke_user(1, 1);
  EXPECT_EQ((*ask(1, 1))->error().code(), Errc::forbidden);
  EXPECT_TRUE((*ask(1, 2))->has_value());
  EXPECT_EQ(platform_->asked(), 2);
  authorize_user(1, 1);
  const auto again = ask(1, 1);
  EXPECT_FALSE(*again) << "his old token is gone";
  land();
  EXPECT_EQ((*again)->value().reveal(), "2");
}

TEST_F(BrokerConsent, that_is_waited_for_is_refused_in_words_of_its_own) {
  auto record = installation(1);
  record.waiting = true;
  ASSERT_TRUE(vault_->observe(record));
  const auto refused = broker_->system_token(installation_id(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::forbidden);
  EXPECT_NE(refused.error().message().find("waits for approval"), std::string_view::npos);
  authorize(1);
  push_system_token(1);
  EXPECT_TRUE(broker_->system_token(installation_id(1)));
}

TEST_F(BrokerConsent, of_an_unknown_installation_costs_no_memory) {
  for (int number = 0; number < 100; ++number) {
    EXPECT_EQ((*ask(number, 1))->error().code(), Errc::not_found);
    broker_->forget_users(installation_id(number));
    EXPECT_EQ(broker_->changes_of_consent(installation_id(number)), 0u);
  }
}

/// Random histories: a token is given only while the consent holds, and only if it was asked for after the
/// last moment at which it did not.
class ConsentHistories : public BrokerConsent, public ::testing::WithParamInterface<unsigned> {
 protected:
  static constexpr int kInstallations = 2, kUsers = 3;

  void step() {
    const int number = below(kInstallations), user = below(kUsers);
    switch (below(12)) {
      case 0:
        if (below(4) > 0) break;
        revoke(number);
        granted_[number] = false;
        withdrawn(number);
        break;
      case 1:
        authorize(number);
        granted_[number] = true;
        push_system_token(number);
        break;
      case 2:
        if (below(2) > 0) break;
        revoke_user(number, user);
        user_granted_[{number, user}] = false;
        withdrawn(number, user);
        break;
      case 3:
        authorize_user(number, user);
        user_granted_[{number, user}] = true;
        break;
      case 4:
        arrive(number);
        break;
      case 5:
        clock_->advance(std::chrono::seconds(below(3000)));
        arrive(number);
        break;
      case 6:
      case 7:
      case 8:
        land(static_cast<std::size_t>(below(50)));
        break;
      default:
        ask(number, user, [=, this](const AccessToken& token) { judge(number, user, token); });
    }
  }
  void judge(int number, int user, const AccessToken& token) {
    ++given_;
    EXPECT_TRUE(granted_[number] && user_granted_[std::pair(number, user)]);
    const int asked = std::stoi(std::string(token.reveal()));
    const int earliest = first_good_[std::pair(number, user)];
    EXPECT_GE(asked, earliest) << "a token from before the consent was taken back";
  }
  void withdrawn(int number) {
    for (int user = 0; user < kUsers; ++user) withdrawn(number, user);
  }
  void withdrawn(int number, int user) { first_good_[std::pair(number, user)] = platform_->asked(); }
  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

  std::mt19937 random_{GetParam()};
  std::map<int, bool> granted_{{0, true}, {1, true}};
  std::map<std::pair<int, int>, bool> user_granted_ = all_granted();
  std::map<std::pair<int, int>, int> first_good_;
  int given_ = 0;

 private:
  static std::map<std::pair<int, int>, bool> all_granted() {
    std::map<std::pair<int, int>, bool> all;
    for (int number = 0; number < kInstallations; ++number) {
      for (int user = 0; user < kUsers; ++user) all[{number, user}] = true;
    }
    return all;
  }
};

TEST_P(ConsentHistories, give_no_token_after_a_revocation) {
  for (int i = 0; i < kInstallations; ++i) arrive(i);
  for (int i = 0; i < 1000 && !HasFailure(); ++i) step();
  EXPECT_GT(given_, 20);
}

INSTANTIATE_TEST_SUITE_P(Random, ConsentHistories, ::testing::Range(1u, 31u));

}  // namespace
}  // namespace tongs::gateway
