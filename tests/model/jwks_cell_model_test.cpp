// Random histories of the key-set cell against a plain account of what happened: every step it takes is
// checked against the rules that its header promises, computed here from scratch.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/testing/fake_clock.hpp>

#include "auth/jwks_cell.hpp"
#include "support/public_keys.hpp"

namespace tongs::detail {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using Flight = JwksCell::Flight;

constexpr unsigned kKids = 6;

/// The name of one of a few kids; the last one is never published.
std::string kid_of(unsigned number) { return "kid-" + std::to_string(number); }

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed), policy_(draw_policy()), cell_(policy_) { publish(); }

  void run(int events) {
    for (int i = 0; i < events && !::testing::Test::HasFailure(); ++i) happen();
  }

 private:
  struct Open {
    Flight flight;
    Now began;
    bool for_unknown_kid;
  };

  unsigned up_to(unsigned limit) { return std::uniform_int_distribution<unsigned>(0, limit)(random_); }
  bool one_in(unsigned n) { return up_to(n - 1) == 0; }
  Now now() const { return clock_.now(); }
  static nanoseconds passed(Now since, Now until) {
    return std::max<nanoseconds>(until.mono - since.mono, until.wall - since.wall - seconds(1));
  }

  JwksPolicy draw_policy() {
    JwksPolicy policy;
    policy.fresh = seconds(60 + up_to(600));
    policy.refresh_ahead = seconds(up_to(120));
    policy.cooldown = seconds(1 + up_to(60));
    policy.stale = hours(up_to(3));
    return policy;
  }

  /// The peer changes what it publishes: some of the kids, each with one of two keys.
  void publish() {
    published_.clear();
    for (unsigned i = 0; i < kKids; ++i) {
      if (!one_in(3)) published_.push_back({kid_of(i), keys()[i * 2 + (one_in(5) ? 1 : 0)]});
    }
  }

  static const std::vector<JwksCell::Key>& keys() {
    static const auto* const all = [] {
      auto* made = new std::vector<JwksCell::Key>;
      for (unsigned i = 0; i < kKids * 2; ++i) made->push_back(public_key(i));
      return made;
    }();
    return *all;
  }

  void happen() {
    switch (up_to(9)) {
      case 0:
        return clock_.advance(milliseconds(up_to(90'000)));
      case 1:
        return jump();
      case 2:
        if (one_in(4)) publish();
        return;
      case 3:
      case 4:
        return end_an_attempt();
      case 5:
        return check_prefetch();
      default:
        return ask(kid_of(up_to(kKids)));
    }
  }

  void jump() {
    switch (up_to(9)) {
      case 0:
        return clock_.suspend(minutes(up_to(200)));
      case 1:
        return clock_.set_wall(clock_.wall_now() - minutes(up_to(200)));
      case 2:
        return clock_.advance(minutes(up_to(300)));
      default:
        return clock_.advance(milliseconds(up_to(5'000)));
    }
  }

  void ask(const std::string& kid) {
    give_up_a_lost_attempt();
    const JwksCell::Step step = cell_.find(kid, cell_.latest(), now());
    const JwksCell::Key held = jose::find_key(held_, kid);
    if (const auto* found = std::get_if<JwksCell::Found>(&step)) return check_found(found->key, held);
    if (const auto* both = std::get_if<JwksCell::FoundAndFetch>(&step)) {
      check_found(both->key, held);
      return check_begin(both->flight, false);
    }
    if (const auto* fetch = std::get_if<JwksCell::Fetch>(&step))
      return check_begin(fetch->flight, believed() && !held);
    if (const auto* join = std::get_if<JwksCell::Join>(&step)) return check_join(join->flight);
    check_fail(std::get<JwksCell::Fail>(step).error, held != nullptr);
  }

  void check_prefetch() {
    give_up_a_lost_attempt();
    const JwksCell::PrefetchStep step = cell_.prefetch(now());
    EXPECT_EQ(std::holds_alternative<JwksCell::Fresh>(step), fresh());
    if (const auto* fetch = std::get_if<JwksCell::Fetch>(&step)) check_begin(fetch->flight, false);
    if (const auto* join = std::get_if<JwksCell::Join>(&step)) check_join(join->flight);
  }

  void check_found(const JwksCell::Key& found, const JwksCell::Key& held) {
    ASSERT_TRUE(held) << "a key that no set has";
    EXPECT_TRUE(*found == *held) << "a key of an older set";
    EXPECT_TRUE(believed()) << "a key past its stale limit";
  }

  void check_begin(Flight flight, bool unknown_kid) {
    ASSERT_FALSE(open_) << "two attempts at a time";
    EXPECT_GT(flight, latest_) << "numbers grow";
    latest_ = flight;
    // An unknown kid may also meet a scheduled attempt that is due anyway.
    const bool scheduled = !unknown_kid || (due() && rested(last_, pause()));
    EXPECT_TRUE(scheduled ? rested(last_, pause()) : rested(last_for_unknown_kid_, policy_.cooldown))
        << "an attempt within the pause";
    open_ = Open{flight, now(), !scheduled};
  }

  void check_join(Flight flight) {
    ASSERT_TRUE(open_) << "waiting for nobody";
    EXPECT_EQ(flight, open_->flight);
  }

  void check_fail(const Error& error, bool known) {
    EXPECT_FALSE(known && believed()) << "a known key was refused";
    EXPECT_FALSE(open_) << "refused while an answer is on its way";
    if (error.code() == Errc::key_unknown) {
      EXPECT_TRUE(fresh() && !failing_) << "decided by a set that may be out of date";
      return;
    }
    ASSERT_EQ(error.code(), Errc::keys_unavailable);
    ASSERT_TRUE(error.retry_after());
    EXPECT_GT(*error.retry_after(), milliseconds(0));
    EXPECT_LE(*error.retry_after(), pause());
    EXPECT_FALSE(!believed() && rested(last_, pause())) << "without keys, nothing done about it";
  }

  void end_an_attempt() {
    if (!open_ || one_in(8)) return end_a_past_attempt();
    const Open ended = *open_;
    switch (up_to(7)) {
      case 0:
        cell_.abandoned(ended.flight);
        open_.reset();
        return check_status();
      case 1:
        cell_.fetched(ended.flight, {}, std::nullopt);
        return count_failure(ended);
      case 2:
      case 3:
        cell_.failed(ended.flight, Error(Errc::transport_failed, "down"));
        return count_failure(ended);
      default:
        return bring(ended);
    }
  }

  void bring(const Open& ended) {
    const std::optional<seconds> max_age = one_in(2) ? std::optional(seconds(up_to(5'000))) : std::nullopt;
    cell_.fetched(ended.flight, published_, max_age);
    if (published_.empty()) return count_failure(ended);
    count(ended);
    failing_ = false;
    failures_in_a_row_ = 0;
    generation_ += has_set_ && jose::same_keys(held_, published_) ? 0 : 1;
    has_set_ = true;
    held_ = published_;
    asked_ = ended.began;
    fresh_ = std::clamp<seconds>(max_age.value_or(policy_.fresh), minutes(1), hours(1));
    check_status();
  }

  /// A report that comes too late, or twice, changes nothing.
  void end_a_past_attempt() {
    if (latest_ == Flight{0} || (open_ && open_->flight == latest_)) return;
    cell_.fetched(latest_, {{"late", keys()[0]}}, std::nullopt);
    cell_.failed(latest_, Error(Errc::transport_failed, "late"));
    cell_.abandoned(latest_);
    check_status();
  }

  void give_up_a_lost_attempt() {
    if (!open_ || now().mono - open_->began.mono < 2 * policy_.fetch_timeout) return;
    count_failure(*open_, false);
  }

  void count(const Open& ended) {
    last_ = ended.began;
    if (ended.for_unknown_kid) last_for_unknown_kid_ = ended.began;
    open_.reset();
  }
  void count_failure(const Open& ended, bool reported = true) {
    count(ended);
    failing_ = true;
    ++failures_in_a_row_;
    if (reported) check_status();
  }

  void check_status() {
    const JwksStatus status = cell_.status(now());
    EXPECT_EQ(status.keys, held_.size()) << "a failure wiped keys";
    EXPECT_EQ(status.generation, generation_);
    EXPECT_EQ(status.usable, believed());
    EXPECT_EQ(status.fetches, static_cast<std::uint64_t>(latest_));
  }

  nanoseconds age() const { return passed(asked_, now()); }
  bool fresh() const { return has_set_ && age() < fresh_; }
  bool believed() const { return has_set_ && age() < fresh_ + policy_.stale; }
  bool due() const { return age() >= fresh_ - std::min<seconds>(policy_.refresh_ahead, fresh_ / 4); }
  bool rested(const std::optional<Now>& before, seconds pause) const {
    return !before || passed(*before, now()) >= pause;
  }
  /// Between two scheduled attempts.
  seconds pause() const {
    if (believed() || failures_in_a_row_ == 0 || failures_in_a_row_ > 12) return policy_.cooldown;
    return std::min(policy_.cooldown, seconds(1 << (failures_in_a_row_ - 1)));
  }

  std::mt19937_64 random_;
  testing::FakeClock clock_;
  JwksPolicy policy_;
  JwksCell cell_;
  jose::KeySet published_;

  // What happened so far.
  bool has_set_ = false;
  jose::KeySet held_;
  Now asked_{};
  seconds fresh_{0};
  bool failing_ = false;
  int failures_in_a_row_ = 0;
  std::uint64_t generation_ = 0;
  Flight latest_{0};
  std::optional<Open> open_;
  std::optional<Now> last_, last_for_unknown_kid_;
};

TEST(JwksCellModel, KeepsItsPromisesThroughRandomHistories) {
  for (std::uint64_t seed = 0; seed < 3000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History(seed).run(300);
  }
}

/// However kids are made up, however the peer answers: with a fresh set, one attempt per cooldown.
TEST(JwksCellModel, AFloodOfUnknownKidsCostsOneAttemptPerCooldown) {
  std::mt19937_64 random(7);
  testing::FakeClock clock;
  JwksCell cell{JwksPolicy{}};
  const jose::KeySet keys{{"known", public_key(1)}};
  const auto end = clock.mono_now() + hours(1);
  std::uint64_t attempts = 0;
  while (clock.mono_now() < end) {
    const auto step = cell.find("made-up-" + std::to_string(random()), cell.latest(), clock.now());
    if (const auto* fetch = std::get_if<JwksCell::Fetch>(&step)) {
      ++attempts;
      if (random() % 2 == 0) {
        cell.fetched(fetch->flight, keys, std::nullopt);
      } else {
        cell.failed(fetch->flight, Error(Errc::unavailable, "down"));
      }
    }
    clock.advance(milliseconds(random() % 200));
  }
  EXPECT_LE(attempts, 3600U / 30U + 2U);
}

}  // namespace

}  // namespace tongs::detail
