/// Random histories of a token cell. What the world does to a cell is drawn at random; what the cell answers
/// is compared with a bookkeeping of its own that knows the promises and not the code.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>

#include <gtest/gtest.h>

#include "auth/token_cell.hpp"
#include "support/tokens.hpp"

namespace tongs::detail {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using testing::account_id;
using Flight = TokenCell::Flight;

#ifdef NDEBUG
constexpr int kHistories = 20'000;
#else
constexpr int kHistories = 4'000;
#endif
constexpr int kEvents = 400;

std::uint32_t first_seed() {
  const char* wish = std::getenv("TONGS_SEED");  // NOLINT(concurrency-mt-unsafe): nobody sets it meanwhile
  return wish != nullptr ? static_cast<std::uint32_t>(std::strtoul(wish, nullptr, 10))
                         : std::random_device{}();
}

/// An answer of the source, and when it was asked for.
struct Answer {
  AccessToken token;
  Now asked;
  seconds life;
  int generation;

  nanoseconds left(Now now) const {
    return std::min<nanoseconds>(token.expires_at() - now.wall, asked.mono + life - now.mono);
  }
  bool lives(Now now) const { return now.wall < token.expires_at() && now.mono < asked.mono + life; }
};

/// One history: a cell, the world around it, and what has been promised about the two.
class History {
 public:
  explicit History(std::uint32_t seed)
      : chance_(seed), policy_(draw_policy()), cell_(account_id(), policy_) {}

  void step() {
    switch (below(16)) {
      case 0:
      case 1:
        return pass(milliseconds(below(3'000)));
      case 2:
        return pass(seconds(below(400)));
      case 3:
        return jump(seconds(below(1'200)) - 600s);
      case 4:
        return jump(seconds(below(300)));  // a suspend: only the wall moves
      case 5:
        return invalidate();
      case 6:
        return fail();
      case 7:
        return abandon();
      case 8:
      case 9:
        return answer();
      default:
        return get();
    }
  }

 private:
  struct Question {
    Now asked;
    int generation;
  };

  std::uint32_t random() { return static_cast<std::uint32_t>(chance_()); }
  int below(int bound) { return static_cast<int>(random() % static_cast<unsigned>(bound)); }
  bool sometimes() { return below(4) == 0; }

  TokenPolicy draw_policy() {
    TokenPolicy policy;
    policy.refresh_ahead = seconds(below(600));
    policy.use_margin = seconds(below(60));
    policy.retry_floor = milliseconds(100 + below(5'000));
    policy.retry_ceiling = policy.retry_floor * (1 + below(16));
    return within_limits(policy);
  }

  // The world.

  void pass(nanoseconds time) {
    wall_ += time;
    now_.mono += time;
    now_.wall = WallTime(std::chrono::floor<seconds>(wall_));
  }
  void jump(seconds by) {
    wall_ += by;
    pass(0ns);
  }

  // What callers and the source do to the cell.

  void get() {
    const auto step = cell_.get(now_);
    if (const auto* serve = std::get_if<TokenCell::Serve>(&step)) {
      check_served(serve->token);
      EXPECT_FALSE(must_refresh()) << "a refresh was due and nothing stood in its way";
    } else if (const auto* ahead = std::get_if<TokenCell::ServeAndFetch>(&step)) {
      check_served(ahead->token);
      check_refresh();
      take_off(ahead->flight, MonoTime::min());
    } else if (const auto* fetch = std::get_if<TokenCell::Fetch>(&step)) {
      EXPECT_FALSE(usable()) << "a usable token was held";
      take_off(fetch->flight, fetch->not_before);
    } else if (const auto* join = std::get_if<TokenCell::Join>(&step)) {
      EXPECT_FALSE(usable());
      const auto joined = questions_.find(join->flight);
      ASSERT_NE(joined, questions_.end()) << "joined a flight that is over";
      EXPECT_EQ(joined->second.generation, generation_) << "joined a disowned flight";
    } else {
      EXPECT_FALSE(current_ && current_->lives(now_)) << "an error although a token lives";
      EXPECT_LT(now_.mono, free_from_) << "an error although the pause is over";
    }
  }

  void take_off(Flight flight, MonoTime not_before) {
    ASSERT_FALSE(questions_.contains(flight)) << "two flights of one name";
    for (const auto& [other, question] : questions_) {
      ASSERT_NE(question.generation, generation_) << "two flights in one generation";
    }
    if (not_before > now_.mono) {
      if (sometimes()) return cell_.abandoned(flight, std::nullopt);
      pass(not_before - now_.mono);
    }
    EXPECT_GE(now_.mono, quiet_until_) << "the source was asked in the pause after a failure";
    if (abandonments_ > 1) {
      EXPECT_GE(now_.mono, last_abandoned_question_ + policy_.retry_floor)
          << "abandonments hammer the source";
    }
    questions_.emplace(flight, Question{now_, generation_});
  }

  void answer() {
    const auto flight = some_flight();
    if (!flight) return;
    const Question question = questions_.at(*flight);
    questions_.erase(*flight);
    const Answer fresh = draw_answer(question);
    const bool ours = question.generation == generation_;
    const auto before = current_;
    const auto outcome = cell_.fetched(*flight, fresh.token, question.asked, now_, random());
    if (!fresh.lives(now_)) return check_failed(outcome, std::nullopt);
    ASSERT_TRUE(outcome) << "a living answer was lost";
    if (!ours) {
      EXPECT_TRUE(same_token(*outcome, fresh.token));
      return;
    }
    const bool installed = same_token(*outcome, fresh.token);
    const bool held_one = before && before->lives(now_);
    EXPECT_TRUE(installed || (held_one && same_token(*outcome, before->token)));
    const nanoseconds gain = held_one ? fresh.left(now_) - before->left(now_) : fresh.left(now_);
    EXPECT_FALSE(installed && held_one && gain <= -1s) << "a longer life was given up";
    EXPECT_FALSE(!installed && gain > 0s) << "a longer life was dropped";
    if (installed) current_ = fresh;
    abandonments_ = 0;
    free_from_ = quiet_until_ = MonoTime::min();
    no_gain_until_ = held_one && gain <= 1s ? now_.mono + policy_.retry_ceiling : MonoTime::min();
    may_have_gained_nothing_ = held_one && gain <= 2s ? now_.mono + policy_.retry_ceiling : MonoTime::min();
  }

  void fail() {
    const auto flight = some_flight();
    if (!flight) return;
    questions_.erase(*flight);
    Error error(Errc::unavailable, "drawn by the test");
    std::optional<milliseconds> retry_after;
    if (sometimes()) retry_after = milliseconds(below(90'000));
    if (retry_after) error = std::move(error).with_retry_after(*retry_after);
    check_failed(cell_.failed(*flight, std::move(error), now_, random()), retry_after);
  }

  void abandon() {
    const auto flight = some_flight();
    if (!flight) return;
    const Question question = questions_.at(*flight);
    questions_.erase(*flight);
    cell_.abandoned(*flight, question.asked.mono);
    if (question.generation != generation_) return;
    ++abandonments_;
    last_abandoned_question_ = question.asked.mono;
    free_from_ = std::max(free_from_, last_abandoned_question_ + policy_.retry_floor);
  }

  void invalidate() {
    if (current_ && sometimes()) {
      EXPECT_TRUE(cell_.invalidate(current_->token));
    } else {
      cell_.invalidate();
    }
    EXPECT_FALSE(cell_.living(now_));
    ++generation_;
    current_.reset();
    no_gain_until_ = may_have_gained_nothing_ = MonoTime::min();
  }

  // What was promised.

  void check_served(const AccessToken& token) {
    ASSERT_TRUE(current_) << "a token that was never installed, or was invalidated";
    EXPECT_TRUE(same_token(token, current_->token));
    EXPECT_EQ(current_->generation, generation_);
    EXPECT_TRUE(current_->lives(now_)) << "served past its end";
  }

  void check_refresh() {
    EXPECT_LE(current_->left(now_),
              std::min<nanoseconds>(policy_.refresh_ahead, nanoseconds(current_->life) / 4));
    EXPECT_GE(now_.mono, no_gain_until_) << "the source had nothing better a moment ago";
    EXPECT_TRUE(questions_.empty());
  }

  bool usable() const {
    return current_ &&
           current_->left(now_) > std::min<nanoseconds>(policy_.use_margin, nanoseconds(current_->life) / 20);
  }

  bool must_refresh() const {
    if (!usable() || !questions_.empty()) return false;
    if (now_.mono < std::max(free_from_, may_have_gained_nothing_)) return false;
    const auto window = std::min<nanoseconds>(policy_.refresh_ahead, nanoseconds(current_->life) / 4);
    return current_->left(now_) < window * 4 / 5 - 1ms;
  }

  void check_failed(const Result<AccessToken>& outcome, std::optional<milliseconds> retry_after) {
    const bool living = current_ && current_->lives(now_);
    ASSERT_EQ(outcome.has_value(), living) << "a living token outlasts a failure, and nothing else does";
    EXPECT_TRUE(!living || same_token(*outcome, current_->token));
    const milliseconds least = std::max(policy_.retry_floor, retry_after.value_or(0ms));
    quiet_until_ = std::max(quiet_until_, now_.mono + least);
    free_from_ = std::max(free_from_, now_.mono + std::max(least, policy_.retry_ceiling));
    abandonments_ = 0;
  }

  std::optional<Flight> some_flight() {
    if (questions_.empty()) return std::nullopt;
    return std::next(questions_.begin(), below(static_cast<int>(questions_.size())))->first;
  }

  Answer draw_answer(const Question& question) {
    seconds life(1 + below(sometimes() ? 20 : 4'000));
    if (current_ && sometimes()) {  // the source's own cache: the same end, more or less
      life = current_->token.expires_at() - question.asked.wall + seconds(below(5) - 2);
      life = std::clamp<seconds>(life, 1s, 24h);
    }
    return {AccessToken(account_id(), Secret("token"), question.asked.wall + life), question.asked, life,
            question.generation};
  }

  std::mt19937 chance_;
  TokenPolicy policy_;
  nanoseconds wall_ = 1'700'000'000s;
  Now now_{WallTime(1'700'000'000s), MonoTime(10'000s)};
  TokenCell cell_;

  std::map<Flight, Question> questions_;
  std::optional<Answer> current_;
  int generation_ = 0;
  MonoTime quiet_until_ = MonoTime::min();  ///< no question before
  MonoTime free_from_ = MonoTime::min();    ///< no pause can last longer
  MonoTime no_gain_until_ = MonoTime::min();
  MonoTime may_have_gained_nothing_ = MonoTime::min();
  int abandonments_ = 0;
  MonoTime last_abandoned_question_ = MonoTime::min();
};

TEST(TokenCellModelTest, NoHistoryBreaksAPromise) {
  const std::uint32_t seed = first_seed();
  std::cout << "TONGS_SEED=" << seed << '\n';
  for (int i = 0; i < kHistories && !HasFailure(); ++i) {
    History history(seed + static_cast<std::uint32_t>(i));
    for (int event = 0; event < kEvents && !HasFailure(); ++event) history.step();
    EXPECT_FALSE(HasFailure()) << "run again with TONGS_SEED=" << seed + static_cast<std::uint32_t>(i);
  }
}

}  // namespace
}  // namespace tongs::detail
