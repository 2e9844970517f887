#include "gateway/broker/fair_limit.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace tongs::gateway {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

MonoTime at(std::chrono::nanoseconds since) { return MonoTime(1h + since); }
InstallationId tenant(int number) { return *InstallationId::parse("installation-" + std::to_string(number)); }

/// The most of these moments, which rise, that are within one minute.
std::size_t most_in_a_minute(const std::vector<MonoTime>& moments) {
  std::size_t most = 0, first = 0;
  for (std::size_t last = 0; last < moments.size(); ++last) {
    while (moments[last] - moments[first] >= 1min) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

/// Whoever goes whenever he may, for so long.
std::vector<MonoTime> greedy(Pace& pace, MonoTime now, std::chrono::minutes time) {
  std::vector<MonoTime> moments;
  for (const MonoTime end = now + time; (now = pace.turn(1, now)) < end;) {
    pace.spend(now);
    moments.push_back(now);
  }
  return moments;
}

TEST(Pace, lets_no_more_than_its_limit_through_in_any_minute_and_not_much_less) {
  for (const std::uint32_t limit : {1U, 2U, 3U, 5U, 7U, 10U, 60U, 999U, 1000U, 1001U, 60'000U}) {
    Pace pace(limit);
    const auto moments = greedy(pace, at(0s), 5min);
    EXPECT_EQ(most_in_a_minute(moments), limit);
    EXPECT_GE(moments.size(), std::size_t{limit} * 4);
  }
}

TEST(Pace, tells_the_turns_to_come_as_they_come) {
  for (const std::uint32_t limit : {1U, 9U, 1000U}) {
    Pace pace(limit);
    const Pace now = pace;
    const auto moments = greedy(pace, at(0s), 3min);
    for (std::size_t i = 0; i < moments.size(); ++i) EXPECT_EQ(now.turn(i + 1, at(0s)), moments[i]);
  }
}

TEST(Pace, stops_for_all_as_long_as_the_peer_asked_and_goes_on_at_half) {
  Pace pace(1000);
  pace.spend(at(0s));
  pace.throttled(30s, at(1s));
  EXPECT_EQ(pace.stopped_until(), at(31s));
  EXPECT_GE(pace.turn(1, at(2s)), at(31s));
  EXPECT_EQ(pace.per_minute(at(2s)), 500U);
  pace.throttled(10s, at(2s));
  EXPECT_EQ(pace.stopped_until(), at(31s)) << "the longest wait holds";
  EXPECT_EQ(pace.per_minute(at(2s)), 500U) << "said of questions from before the stop";
  EXPECT_LE(greedy(pace, at(31s), 1min).size(), 500U);
}

TEST(Pace, recovers_by_one_step_a_minute_and_never_falls_below_a_sixteenth) {
  Pace pace(1600);
  MonoTime now = at(0s);
  for (int i = 0; i < 9; ++i) {
    pace.throttled(0s, now);
    now = pace.stopped_until();
  }
  EXPECT_EQ(pace.per_minute(now), 100U);
  for (const std::uint32_t expected : {200U, 400U, 800U, 1600U, 1600U}) {
    now += 1min;
    EXPECT_EQ(pace.per_minute(now), expected);
  }
}

TEST(Pace, obeys_no_wait_beyond_an_hour) {
  Pace pace(10);
  pace.throttled(milliseconds::max(), at(0s));
  EXPECT_EQ(pace.stopped_until(), at(1h));
}

TEST(Pace, keeps_its_limit_whenever_the_peer_complains) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const auto limit = static_cast<std::uint32_t>(1 + random() % 50);
    Pace pace(limit);
    std::vector<MonoTime> moments;
    MonoTime now = at(0s);
    for (int i = 0; i < 600; ++i) {
      now = std::max(now + milliseconds(random() % 20 == 0 ? random() % 90'000 : 0), pace.turn(1, now));
      pace.spend(now);
      moments.push_back(now);
      if (random() % 40 == 0) pace.throttled(milliseconds(random() % 4000), now);
    }
    EXPECT_LE(most_in_a_minute(moments), limit) << seed;
  }
}

TEST(RoundRobin, gives_each_installation_its_turn_however_long_its_line_is) {
  RoundRobin lines;
  for (std::uint64_t i = 0; i < 5; ++i) lines.add(tenant(1), Ticket{10 + i});
  lines.add(tenant(2), Ticket{20});
  lines.add(tenant(3), Ticket{30});
  lines.add(tenant(2), Ticket{21});
  std::vector<std::uint64_t> order;
  while (const auto ticket = lines.take()) order.push_back(static_cast<std::uint64_t>(*ticket));
  EXPECT_EQ(order, (std::vector<std::uint64_t>{10, 20, 30, 11, 21, 12, 13, 14}));
}

TEST(RoundRobin, passes_over_who_may_not_go_and_keeps_his_place) {
  RoundRobin lines;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    lines.add(tenant(static_cast<int>(i)), Ticket{10 * i});
    lines.add(tenant(static_cast<int>(i)), Ticket{10 * i + 1});
  }
  EXPECT_FALSE(lines.take([](const InstallationId&) { return false; }));
  const auto second = lines.take([](const InstallationId& id) { return id != tenant(1); });
  ASSERT_TRUE(second);
  EXPECT_EQ(second->installation, tenant(2));
  EXPECT_EQ(second->ticket, Ticket{20});
  EXPECT_EQ(lines.take(), Ticket{10});
  lines.to_back(tenant(3));
  lines.to_back(tenant(9));
  EXPECT_EQ(lines.take(), Ticket{21});
  EXPECT_EQ(lines.size_of(tenant(3)), 2U);
  EXPECT_EQ(lines.size_of(tenant(9)), 0U);
}

TEST(RoundRobin, knows_how_many_go_before) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    RoundRobin lines;
    std::map<std::uint64_t, int> whose;
    for (std::uint64_t i = 0; i < 30; ++i) {
      whose[i] = static_cast<int>(random() % 6);
      lines.add(tenant(whose[i]), Ticket{i});
      if (random() % 5 == 0) whose.erase(static_cast<std::uint64_t>(lines.take().value()));
    }
    std::map<std::uint64_t, std::size_t> told;
    for (const auto& [ticket, owner] : whose) told[ticket] = lines.before(tenant(owner), Ticket{ticket});
    for (std::size_t i = 0; const auto ticket = lines.take(); ++i) {
      EXPECT_EQ(told.at(static_cast<std::uint64_t>(*ticket)), i);
    }
  }
}

/// Who gets what from a limit, in one call.
enum class Got : std::uint8_t { go, wait, refused };
Got got(const FairLimit::Step& step) { return static_cast<Got>(step.index()); }

TEST(FairLimit, follows_its_table) {
  FairLimit limit(1);
  EXPECT_EQ(got(limit.arrive(tenant(1), Urgency::waited_for, at(0s), at(0s))), Got::go);
  EXPECT_EQ(got(limit.arrive(tenant(1), Urgency::waited_for, at(60s), at(0s))), Got::wait);
  const auto refused = limit.arrive(tenant(2), Urgency::waited_for, at(119s), at(0s));
  ASSERT_EQ(got(refused), Got::refused);
  EXPECT_EQ(std::get<FairLimit::Refused>(refused).retry_after, 120s);
  EXPECT_EQ(got(limit.arrive(tenant(2), Urgency::waited_for, at(60s), at(60s))), Got::refused)
      << "nobody passes those who wait";
  const auto settled = limit.advance(at(60s));
  ASSERT_EQ(settled.size(), 1U);
  EXPECT_FALSE(settled.front().refused);
}

TEST(FairLimit, tells_whom_it_sends_away_when_his_turn_would_come) {
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    std::mt19937 random(seed);
    FairLimit limit(static_cast<std::uint32_t>(1 + random() % 100));
    for (int i = 0; i < 60; ++i) {
      const auto urgency = static_cast<Urgency>(random() % 2);
      limit.arrive(tenant(static_cast<int>(random() % 5)), urgency, at(10h), at(0s));
    }
    const auto urgency = static_cast<Urgency>(random() % 2);
    const auto refused = limit.arrive(tenant(1), urgency, at(-1s), at(0s));
    if (got(refused) != Got::refused) continue;
    const auto wait = std::get<FairLimit::Refused>(refused).retry_after;
    const auto mine = std::get<FairLimit::Wait>(limit.arrive(tenant(1), urgency, at(10h), at(0s))).ticket;
    for (bool came = false; !came;) {
      const MonoTime now = limit.next(at(0s)).value();
      for (const auto& [ticket, nothing] : limit.advance(now)) {
        came = came || ticket == mine;
      }
      if (came) {
        EXPECT_EQ(std::chrono::ceil<milliseconds>(now - at(0s)), wait) << seed;
      }
    }
  }
}

TEST(FairLimit, sends_everybody_away_at_once_when_the_peer_stops_it_beyond_his_deadline) {
  FairLimit limit(60);
  while (got(limit.arrive(tenant(1), Urgency::waited_for, at(10s), at(0s))) == Got::go) {
  }
  limit.arrive(tenant(2), Urgency::waited_for, at(70s), at(0s));
  limit.throttled(60s, at(1s));
  const auto settled = limit.advance(at(1s));
  ASSERT_EQ(settled.size(), 1U) << "the other one can wait for it";
  EXPECT_GE(settled.front().refused.value().retry_after, 60s);
}

TEST(FairLimit, makes_room_at_the_cost_of_the_longest_line_and_of_what_is_done_ahead) {
  FairLimit limit(1, 4);
  limit.arrive(tenant(9), Urgency::waited_for, at(9h), at(0s));
  const auto ahead = std::get<FairLimit::Wait>(limit.arrive(tenant(3), Urgency::ahead, at(9h), at(0s)));
  FairLimit::Wait last{};
  for (int i = 0; i < 3; ++i) {
    last = std::get<FairLimit::Wait>(limit.arrive(tenant(1), Urgency::waited_for, at(9h), at(0s)));
  }
  EXPECT_EQ(got(limit.arrive(tenant(1), Urgency::waited_for, at(9h), at(0s))), Got::wait);
  auto settled = limit.advance(at(0s));
  ASSERT_EQ(settled.size(), 1U);
  EXPECT_EQ(settled.front().ticket, ahead.ticket);
  EXPECT_EQ(got(limit.arrive(tenant(1), Urgency::waited_for, at(9h), at(0s))), Got::refused)
      << "his own line is the longest";
  EXPECT_EQ(got(limit.arrive(tenant(2), Urgency::waited_for, at(9h), at(0s))), Got::wait);
  settled = limit.advance(at(0s));
  ASSERT_EQ(settled.size(), 1U);
  EXPECT_NE(settled.front().ticket, last.ticket);
  EXPECT_TRUE(settled.front().refused);
}

/// Random tenants with random patience: some come all the time, some seldom.
class FairHistories : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  static constexpr int kTenants = 8;
  struct Guest {
    int tenant;
    Urgency urgency;
    MonoTime deadline;
  };

  void arrive() {
    const int weight = static_cast<int>(random_() % (1U << kTenants));
    int who = 0;
    while (((weight >> who) & 1) != 0 && who < kTenants - 1) ++who;  // each half as often as the one before
    const Guest guest{who, random_() % 4 == 0 ? Urgency::ahead : Urgency::waited_for,
                      now_ + milliseconds(random_() % 20'000)};
    const auto step = limit_.arrive(tenant(who), guest.urgency, guest.deadline, now_);
    if (got(step) == Got::go) {
      EXPECT_TRUE(guests_.empty()) << "nobody passes those who wait";
      granted_.push_back(now_);
    } else if (const auto* wait = std::get_if<FairLimit::Wait>(&step)) {
      guests_.emplace(wait->ticket, guest);
    } else {
      EXPECT_GT(now_ + std::get<FairLimit::Refused>(step).retry_after, guest.deadline);
    }
  }

  bool waits(int tenant, Urgency urgency) const {
    return std::any_of(guests_.begin(), guests_.end(), [&](const auto& guest) {
      return guest.second.tenant == tenant && guest.second.urgency == urgency;
    });
  }

  void advance() {
    const MonoTime stopped = limit_.pace().stopped_until();
    for (const auto& [ticket, refused] : limit_.advance(now_)) {
      const Guest guest = guests_.at(ticket);
      if (refused) {
        EXPECT_LT(guest.deadline, std::max(now_, stopped)) << "nobody is sent away before his time";
        EXPECT_GE(refused->retry_after, 0ms);
      } else {
        judge_turn(guest);
        granted_.push_back(now_);
      }
      guests_.erase(ticket);
      if (!waits(guest.tenant, guest.urgency)) passed_[{guest.tenant, guest.urgency}].clear();
    }
    for (const auto& [ticket, guest] : guests_) EXPECT_GE(guest.deadline, now_);
    EXPECT_EQ(limit_.waiting(), guests_.size());
  }

  /// While somebody waits, no other tenant is served twice.
  void judge_turn(const Guest& guest) {
    for (int other = 0; other < kTenants; ++other) {
      EXPECT_FALSE(guest.urgency == Urgency::ahead && waits(other, Urgency::waited_for));
      if (other == guest.tenant || !waits(other, guest.urgency)) {
        passed_[{other, guest.urgency}].clear();
        continue;
      }
      const int times = ++passed_[{other, guest.urgency}][guest.tenant];
      EXPECT_EQ(times, 1) << "tenant " << other << " starves";
    }
  }

  std::mt19937 random_{GetParam()};
  const std::uint32_t per_minute_ = 1 + static_cast<std::uint32_t>(random_() % 300);
  FairLimit limit_{per_minute_};
  MonoTime now_ = at(0s);
  std::map<Ticket, Guest> guests_;
  std::vector<MonoTime> granted_;
  /// Who was served since this tenant began to wait, or was served himself.
  std::map<std::pair<int, Urgency>, std::map<int, int>> passed_;
};

TEST_P(FairHistories, keep_the_limit_and_starve_nobody) {
  for (int i = 0; i < 3000 && !HasFailure(); ++i) {
    const auto pause = milliseconds(random_() % (2 * 60'000 / per_minute_ + 1));
    const MonoTime until = now_ + (random_() % 3 == 0 ? 0ms : pause);
    for (auto next = limit_.next(now_); next && *next <= until; next = limit_.next(now_)) {
      now_ = std::max(now_, *next);
      advance();
    }
    now_ = until;
    if (random_() % 100 == 0) limit_.throttled(milliseconds(random_() % 3000), now_);
    arrive();
    advance();
  }
  EXPECT_LE(most_in_a_minute(granted_), per_minute_);
  EXPECT_GT(granted_.size(), 50U);
}

INSTANTIATE_TEST_SUITE_P(Random, FairHistories, ::testing::Range(1U, 61U));

}  // namespace
}  // namespace tongs::gateway
