#include "gateway/egress/fair_queue.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tongs::gateway {
namespace {

using Entry = FairQueue::Entry;

InstallationId tenant(const std::string& name) { return InstallationId::parse(name).value(); }

TEST(FairQueue, lets_calls_go_up_to_both_limits_and_refuses_beyond_the_queue) {
  FairQueue queue({.at_once = 3, .at_once_each = 2, .waiting = 3, .waiting_each = 2});
  const auto a = tenant("a"), b = tenant("b"), c = tenant("c");
  EXPECT_EQ(queue.enter(a, Ticket{1}), Entry::go);
  EXPECT_EQ(queue.enter(a, Ticket{2}), Entry::go);
  EXPECT_FALSE(queue.has_room_for(a));
  EXPECT_EQ(queue.enter(a, Ticket{3}), Entry::wait);
  EXPECT_EQ(queue.enter(b, Ticket{4}), Entry::go) << "another one is not held up";
  EXPECT_EQ(queue.enter(a, Ticket{5}), Entry::wait);
  EXPECT_EQ(queue.enter(a, Ticket{6}), Entry::each_full);
  EXPECT_EQ(queue.enter(b, Ticket{7}), Entry::wait) << "all lanes are taken";
  EXPECT_EQ(queue.enter(c, Ticket{8}), Entry::full);
  EXPECT_EQ(queue.running(), 3U);
  EXPECT_EQ(queue.waiting(), 3U);
}

TEST(FairQueue, gives_a_single_call_the_next_turn_however_many_of_another_wait) {
  FairQueue queue({.at_once = 1, .at_once_each = 1, .waiting = 2000, .waiting_each = 2000});
  const auto crowd = tenant("crowd"), single = tenant("single");
  ASSERT_EQ(queue.enter(crowd, Ticket{1}), Entry::go);
  for (std::uint64_t i = 2; i <= 1001; ++i) ASSERT_EQ(queue.enter(crowd, Ticket{i}), Entry::wait);
  ASSERT_EQ(queue.enter(single, Ticket{2000}), Entry::wait);
  EXPECT_EQ(queue.leave(crowd), Ticket{2000});
  EXPECT_EQ(queue.leave(single), Ticket{2}) << "who stood there first";
  EXPECT_EQ(queue.leave(crowd), Ticket{3});
}

TEST(FairQueue, forgets_who_gives_up) {
  FairQueue queue({.at_once = 1, .at_once_each = 1, .waiting = 10, .waiting_each = 10});
  const auto a = tenant("a"), b = tenant("b");
  (void)queue.enter(a, Ticket{1});
  (void)queue.enter(b, Ticket{2});
  (void)queue.enter(b, Ticket{3});
  queue.give_up(b, Ticket{2});
  EXPECT_EQ(queue.leave(a), Ticket{3});
  EXPECT_EQ(queue.leave(b), std::nullopt);
  EXPECT_EQ(queue.running() + queue.waiting(), 0U);
  EXPECT_EQ(queue.enter(a, Ticket{4}), Entry::go);
}

/// The rules again, said plainly.
struct Model {
  FairQueue::Limits limits;
  std::map<std::string, std::size_t> running;
  std::map<std::string, std::vector<Ticket>> waiting;
  std::size_t all_running() const {
    std::size_t sum = 0;
    for (const auto& [name, count] : running) sum += count;
    return sum;
  }
  std::size_t all_waiting() const {
    std::size_t sum = 0;
    for (const auto& [name, line] : waiting) sum += line.size();
    return sum;
  }
  /// Somebody who waits and could go.
  bool is_idle() const {
    if (all_running() >= limits.at_once) return false;
    return std::any_of(waiting.begin(), waiting.end(), [&](const auto& line) {
      const auto count = running.find(line.first);
      return !line.second.empty() && (count == running.end() || count->second < limits.at_once_each);
    });
  }
};

TEST(FairQueue, keeps_to_its_rules_over_random_histories) {
  const std::vector<std::string> names = {"a", "b", "c", "d", "e"};
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    Model model{.limits = {.at_once = 1 + random() % 6,
                           .at_once_each = 1 + random() % 3,
                           .waiting = 1 + random() % 12,
                           .waiting_each = 1 + random() % 5},
                .running = {},
                .waiting = {}};
    FairQueue queue(model.limits);
    std::map<std::string, std::size_t> passed_over;  ///< turns since a tenant that could go went
    for (std::uint64_t i = 1; i < 600; ++i) {
      const Ticket ticket{i};
      const std::string name = names[random() % names.size()];
      auto& line = model.waiting[name];
      switch (random() % 3) {
        case 0: {
          const bool go =
              model.all_running() < model.limits.at_once && model.running[name] < model.limits.at_once_each;
          const bool each_full = line.size() >= model.limits.waiting_each;
          const Entry expected = go                                            ? Entry::go
                                 : each_full                                   ? Entry::each_full
                                 : model.all_waiting() >= model.limits.waiting ? Entry::full
                                                                               : Entry::wait;
          ASSERT_EQ(queue.has_room_for(tenant(name)), go);
          ASSERT_EQ(queue.enter(tenant(name), ticket), expected) << "seed " << seed;
          if (expected == Entry::go) ++model.running[name];
          if (expected == Entry::wait) line.push_back(ticket);
          break;
        }
        case 1: {
          if (model.running[name] == 0) break;
          --model.running[name];
          const bool somebody = model.is_idle();
          const auto next = queue.leave(tenant(name));
          ASSERT_EQ(next.has_value(), somebody) << "seed " << seed;
          if (!next) break;
          std::string went;
          for (auto& [other, tickets] : model.waiting) {
            if (tickets.empty()) continue;
            if (tickets.front() == *next) went = other;
          }
          ASSERT_FALSE(went.empty()) << "only the first of a line may go";
          ASSERT_LT(model.running[went], model.limits.at_once_each);
          for (const auto& other : names) {
            const bool could = other != went && !model.waiting[other].empty() &&
                               model.running[other] < model.limits.at_once_each;
            passed_over[other] = could ? passed_over[other] + 1 : 0;
            ASSERT_LE(passed_over[other], names.size()) << "seed " << seed;
          }
          model.waiting[went].erase(model.waiting[went].begin());
          ++model.running[went];
          break;
        }
        default: {
          if (line.empty()) break;
          const auto which = static_cast<std::ptrdiff_t>(random() % line.size());
          queue.give_up(tenant(name), line[static_cast<std::size_t>(which)]);
          line.erase(line.begin() + which);
          if (line.empty()) passed_over[name] = 0;  // who comes back stands at the end
        }
      }
      ASSERT_EQ(queue.running(), model.all_running());
      ASSERT_EQ(queue.waiting(), model.all_waiting());
      ASSERT_FALSE(model.is_idle()) << "nobody waits who could go";
    }
  }
}

}  // namespace
}  // namespace tongs::gateway
