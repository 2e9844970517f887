#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gateway/egress/lanes.hpp"
#include "gateway/egress/pauses.hpp"
#include "gateway/egress/quota_metrics.hpp"
#include "gateway/egress/quota_report.hpp"
#include "support/loopback.hpp"

namespace tongs::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

InstallationId tenant(const std::string& name) { return InstallationId::parse(name).value(); }

net::ResponseHead answer(int status, std::vector<net::Field> fields) {
  net::ResponseHead head;
  head.status = status;
  head.fields.list = std::move(fields);
  return head;
}

class EgressPauses : public ::testing::Test {
 protected:
  using Cause = Pauses::Cause;
  std::optional<milliseconds> left(const InstallationId& id, Api api, MonoTime now) const {
    const auto pause = pauses_.now(id, app_, api, now);
    return pause ? std::optional(pause->left) : std::nullopt;
  }
  Pauses pauses_;
  const InstallationId a_ = tenant("a"), b_ = tenant("b");
  const AppId app_ = AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107").value(),
              other_app_ = AppId::parse("1db33809-1f32-48bb-8c52-5877dab48107").value();
  const MonoTime now_{seconds(100)};
};

TEST_F(EgressPauses, hold_for_one_api_of_one_installation_until_their_end) {
  EXPECT_EQ(left(a_, Api::jira, now_), std::nullopt);
  pauses_.pause(a_, Api::jira, milliseconds(1500), Cause::limit, now_);
  EXPECT_EQ(left(a_, Api::jira, now_ + milliseconds(500)), milliseconds(1000));
  EXPECT_EQ(left(a_, Api::confluence, now_), std::nullopt);
  EXPECT_EQ(left(b_, Api::jira, now_), std::nullopt);
  pauses_.pause(a_, Api::jira, milliseconds(100), Cause::limit, now_);
  EXPECT_EQ(left(a_, Api::jira, now_ + seconds(1)), milliseconds(500)) << "the longer one stays";
  EXPECT_EQ(left(a_, Api::jira, now_ + milliseconds(1500)), std::nullopt);
  pauses_.pause(a_, Api::jira, milliseconds(0), Cause::limit, now_ + seconds(9));
  EXPECT_EQ(left(a_, Api::jira, now_ + seconds(9)), std::nullopt);
  pauses_.pause(a_, Api::jira, std::chrono::hours(20), Cause::limit, now_);
  EXPECT_EQ(left(a_, Api::jira, now_), std::chrono::hours(1)) << "nobody is believed longer";
}

TEST_F(EgressPauses, of_an_app_hold_for_all_its_installations_and_for_no_other_app) {
  pauses_.pause(app_, Api::jira, seconds(9), Cause::limit, now_);
  EXPECT_EQ(left(a_, Api::jira, now_), seconds(9));
  EXPECT_EQ(left(b_, Api::jira, now_), seconds(9));
  EXPECT_EQ(left(a_, Api::confluence, now_), std::nullopt);
  EXPECT_FALSE(pauses_.now(a_, other_app_, Api::jira, now_));
  EXPECT_EQ(left(a_, Api::jira, now_ + seconds(9)), std::nullopt);
}

TEST_F(EgressPauses, say_the_cause_of_the_longer_one) {
  pauses_.pause(app_, Api::jira, seconds(5), Cause::limit, now_);
  EXPECT_EQ(pauses_.now(a_, app_, Api::jira, now_), (Pauses::Pause{seconds(5), Cause::limit, true}));
  pauses_.pause(a_, Api::jira, seconds(7), Cause::outage, now_);
  EXPECT_EQ(pauses_.now(a_, app_, Api::jira, now_), (Pauses::Pause{seconds(7), Cause::outage, false}));
  EXPECT_EQ(pauses_.now(b_, app_, Api::jira, now_), (Pauses::Pause{seconds(5), Cause::limit, true}));
  pauses_.pause(a_, Api::jira, seconds(6), Cause::limit, now_);
  EXPECT_EQ(pauses_.now(a_, app_, Api::jira, now_)->cause, Cause::outage);
}

TEST_F(EgressPauses, forget_those_that_are_over) {
  for (int i = 0; i < 1000; ++i) {
    pauses_.pause(tenant("t" + std::to_string(i)), Api::jira, seconds(1), Cause::limit,
                  MonoTime{seconds(2 * i)});
  }
  EXPECT_LE(pauses_.size(), 64U);
}

TEST(EgressQuotaReport, reads_every_family) {
  struct Case {
    int status;
    std::vector<net::Field> fields;
    std::optional<double> left, announced;
    bool near, announced_near;
    LimitReason reason;
    std::optional<milliseconds> wait;
  };
  const std::vector<Case> cases = {
      {200, {}, {}, {}, false, false, LimitReason::unstated, {}},
      {200,
       {{"X-RateLimit-Limit", "100"}, {"x-ratelimit-remaining", "25"}, {"X-RateLimit-NearLimit", "false"}},
       0.25,
       {},
       false,
       false,
       LimitReason::unstated,
       {}},
      {200,
       {{"X-RateLimit-NearLimit", " TRUE"},
        {"RateLimit", R"("global-app-quota";r=650;q=65000;w=3600;t=99, "tenant";q=10;r=5)"}},
       0.01,
       {},
       true,
       false,
       LimitReason::unstated,
       {}},
      {200,
       {{"Beta-X-RateLimit-Limit", "10"},
        {"Beta-X-RateLimit-Remaining", "1"},
        {"beta-x-ratelimit-nearlimit", "true"}},
       {},
       0.1,
       false,
       true,
       LimitReason::unstated,
       {}},
      {200,
       {{"RateLimit-Policy", R"("burst";q=100;w=1, "global-app-quota";q=65000;w=3600)"},
        {"RateLimit", R"("burst";r=90;t=1,"global-app-quota";r=6500;t=600, "unknown";r=0;t=1)"}},
       0.1,
       {},
       false,
       false,
       LimitReason::unstated,
       {}},
      {200,
       {{"Beta-RateLimit", R"("tenant-app-quota";r=10;t=2107)"},
        {"Beta-RateLimit-Policy", R"("tenant-app-quota";q=100;w=3600)"},
        {"X-Beta-RateLimit-NearLimit", "true"}},
       {},
       0.1,
       false,
       true,
       LimitReason::unstated,
       {}},
      {200,
       {{"Beta-RateLimit-Policy", R"("global-app-quota";q=10;w=3600)"},
        {"RateLimit", R"("global-app-quota";r=1;t=600)"}},
       {},
       {},
       false,
       false,
       LimitReason::unstated,
       {}},
      {429,
       {{"Retry-After", "7"}, {"RateLimit-Reason", "jira-quota-global-based"}},
       {},
       {},
       false,
       false,
       LimitReason::global_quota,
       seconds(7)},
      {429,
       {{"RateLimit-Reason", "confluence-quota-tenant-based"}},
       {},
       {},
       false,
       false,
       LimitReason::tenant_quota,
       {}},
      {429, {{"RateLimit-Reason", "jira-burst-based"}}, {}, {}, false, false, LimitReason::burst, {}},
      {429, {{"RateLimit-Reason", "jira-per-issue-on-write"}}, {}, {}, false, false, LimitReason::writes, {}},
      {429, {{"RateLimit-Reason", "moon"}}, {}, {}, false, false, LimitReason::other, {}},
      {429, {{"Beta-Retry-After", "7"}}, {}, {}, false, false, LimitReason::unstated, {}},
      {429,
       {{"X-RateLimit-Reset", "1970-01-01T00:16:50Z"}},
       {},
       {},
       false,
       false,
       LimitReason::unstated,
       seconds(10)},
      {503, {{"Retry-After", "7"}}, {}, {}, false, false, LimitReason::unstated, seconds(7)},
      {503, {{"X-RateLimit-Reset", "1970-01-01T00:16:50Z"}}, {}, {}, false, false, LimitReason::unstated, {}},
      {502, {{"Retry-After", "7"}}, {}, {}, false, false, LimitReason::unstated, {}},
      {429,
       {{"RateLimit", R"("tenant";q=10;r=5;t=7, "global-app-quota";q=100;r=0;t=9)"}},
       0.0,
       {},
       false,
       false,
       LimitReason::global_quota,
       seconds(9)},
      {429,
       {{"RateLimit", R"("global-app-quota";q=100;r=1;t=9, "tenant";q=10;r=0;t=7)"}},
       0.0,
       {},
       false,
       false,
       LimitReason::unstated,
       seconds(7)},
      {429,
       {{"RateLimit", R"("global-app-quota";q=100;r=0;t=9)"}, {"RateLimit-Reason", "jira-burst-based"}},
       0.0,
       {},
       false,
       false,
       LimitReason::burst,
       seconds(9)},
      {429,
       {{"Beta-RateLimit", R"("global-app-quota";q=100;r=0;t=9)"}},
       {},
       0.0,
       false,
       false,
       LimitReason::unstated,
       {}},
      {200,
       {{"X-RateLimit-Limit", "0"}, {"X-RateLimit-Remaining", "1"}, {"RateLimit", ";;r=,q=x,\"\";r=9"}},
       {},
       {},
       false,
       false,
       LimitReason::unstated,
       {}},
      {200,
       {{"X-RateLimit-Limit", "5"}, {"X-RateLimit-Remaining", "9"}},
       1.0,
       {},
       false,
       false,
       LimitReason::unstated,
       {}},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& c = cases[i];
    const auto report = QuotaReport::of(answer(c.status, c.fields), WallTime(seconds(1000)));
    EXPECT_EQ(report.now.left, c.left) << i;
    EXPECT_EQ(report.announced.left, c.announced) << i;
    EXPECT_EQ(report.now.near_limit, c.near) << i;
    EXPECT_EQ(report.announced.near_limit, c.announced_near) << i;
    EXPECT_EQ(report.reason, c.reason) << i;
    EXPECT_EQ(report.wait, c.wait) << i;
  }
}

TEST(EgressQuotaMetrics, are_told_apart_by_product_and_reason_alone) {
  metrics::Registry registry;
  QuotaMetrics quotas(registry);
  const std::string before = registry.text();
  quotas.note(Api::jira, 429,
              QuotaReport::of(answer(429, {{"RateLimit-Reason", "jira-burst-based"},
                                           {"X-RateLimit-Limit", "4"},
                                           {"X-RateLimit-Remaining", "1"},
                                           {"X-RateLimit-NearLimit", "true"}}),
                              WallTime{}));
  quotas.paused(Api::confluence);
  const std::string text = registry.text();
  for (const std::string line : {"tongs_egress_rate_limited_total{product=\"jira\",reason=\"burst\"} 1\n",
                                 "tongs_egress_quota_left_ratio{family=\"enforced\",product=\"jira\"} 0.25\n",
                                 "tongs_egress_near_limit_total{family=\"enforced\",product=\"jira\"} 1\n",
                                 "tongs_egress_paused_total{product=\"confluence\"} 1\n"}) {
    const std::string other = line.find("family") == std::string::npos
                                  ? line
                                  : std::string(line).replace(line.find('{'), line.find('}') - line.find('{'),
                                                              "{product=\"jira\",family=\"enforced\"");
    EXPECT_TRUE(text.find(line) != std::string::npos || text.find(other) != std::string::npos)
        << line << text;
  }
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), std::count(before.begin(), before.end(), '\n'))
      << "no series is made by what comes";
}

TEST(EgressLanes, pass_a_lane_on_when_its_call_ends) {
  net::Reactor reactor;
  Lanes lanes(reactor, {.at_once = 1, .at_once_each = 1, .waiting = 2, .waiting_each = 2});
  std::string order;
  auto late = net::Steady::now() + seconds(20);
  auto go = [&](std::string name) -> net::Task<> {
    auto lane = co_await lanes.enter(tenant(name), late);
    order += lane ? name : "!";
  };
  auto all = [&]() -> net::Task<int> {
    auto first = lanes.enter_now(tenant("x"));
    EXPECT_FALSE(lanes.enter_now(tenant("y")));
    for (const std::string name : {"a", "a", "b"}) {
      net::asio::co_spawn(reactor.context, go(name), net::asio::detached);
    }
    net::Timer soon(reactor.context);
    soon.expires_after(milliseconds(1));
    (void)co_await soon.async_wait(net::use_tuple);
    EXPECT_EQ(order, "!") << "the third finds no room to wait";
    EXPECT_EQ(lanes.waiting(), 2U);
    first.reset();
    while (order.size() < 3) {
      soon.expires_after(milliseconds(1));
      (void)co_await soon.async_wait(net::use_tuple);
    }
    co_return static_cast<int>(lanes.running());
  };
  EXPECT_EQ(net::testing::run(reactor, all()), 0);
  EXPECT_EQ(order, "!aa");
}

TEST(EgressLanes, wait_no_longer_than_they_may) {
  net::Reactor reactor;
  Lanes lanes(reactor, {.at_once = 1, .at_once_each = 1, .waiting = 2, .waiting_each = 2});
  auto first = lanes.enter_now(tenant("a"));
  auto wait = [&]() -> net::Task<std::optional<Error>> {
    auto lane = co_await lanes.enter(tenant("a"), net::Steady::now() + milliseconds(5));
    co_return lane ? std::optional<Error>() : lane.error();
  };
  const auto refused = net::testing::run(reactor, wait());
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), Errc::rate_limited);
  EXPECT_TRUE(refused->retry_after());
  EXPECT_EQ(lanes.waiting(), 0U);
  first.reset();
  EXPECT_EQ(lanes.running(), 0U);
}

TEST(EgressLanes, may_end_before_those_who_wait) {
  net::Reactor reactor;
  std::optional<Lanes> lanes;
  lanes.emplace(reactor, FairQueue::Limits{.at_once = 1, .at_once_each = 1, .waiting = 2, .waiting_each = 2});
  auto lane = lanes->enter_now(tenant("a"));
  auto wait = [&]() -> net::Task<> {
    (void)co_await lanes->enter(tenant("a"), net::Steady::now() + seconds(20));
  };
  net::asio::co_spawn(reactor.context, wait(), net::asio::detached);
  (void)reactor.context.run_one();
  ASSERT_EQ(lanes->waiting(), 1U);
  lanes.reset();
  lane.reset();
}

}  // namespace
}  // namespace tongs::gateway
