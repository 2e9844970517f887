#include "auth/token_cell.hpp"

#include <algorithm>
#include <utility>

#include "auth/fetched_token.hpp"
#include "http/backoff.hpp"

namespace tongs::detail {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

namespace {

/// Ends are whole seconds of two clocks, rounded on both sides: within this much, two answers end together.
constexpr seconds kStep{1};
/// A `Retry-After` is obeyed up to here: an account must not be lost to one wrong header.
constexpr std::chrono::hours kLongestPause{1};

/// The wish, but no more than a part of the life.
milliseconds window(seconds wish, nanoseconds most) noexcept {
  return std::chrono::duration_cast<milliseconds>(std::min<nanoseconds>(wish, most));
}

/// Spreads the refreshes of tokens that came together.
milliseconds up_to_a_fifth(milliseconds whole, std::uint32_t random) noexcept {
  return milliseconds((whole.count() / 5 * random) >> 32);
}

/// Did the source refuse before it sent anything?
bool nobody_was_asked(const Error& error) noexcept {
  return error.code() == Errc::rejected && error.remote() == nullptr;
}

}  // namespace

struct TokenCell::Activity {
  std::optional<Flight> flying;
  std::uint32_t last_flight = 0;
  std::uint32_t disowned = 0;      ///< flights from before an invalidation
  std::uint32_t failures = 0;      ///< since the last answer
  std::uint32_t abandonments = 0;  ///< in a row
  std::optional<Error> error;      ///< of the failure that is paused for
  MonoTime quiet_until = MonoTime::min();
  MonoTime due_from = MonoTime::min();

  /// The source answered: nothing of its failures counts any more.
  void heard() noexcept {
    failures = abandonments = 0;
    error.reset();
    quiet_until = MonoTime::min();
  }
  bool is_over() const noexcept {
    return !flying && disowned == 0 && failures == 0 && abandonments == 0 && due_from == MonoTime::min();
  }
};

TokenPolicy within_limits(TokenPolicy policy) noexcept {
  policy.refresh_ahead = std::clamp<seconds>(policy.refresh_ahead, seconds(0), kLongestLife);
  policy.use_margin = std::clamp<seconds>(policy.use_margin, seconds(0), kLongestLife);
  policy.retry_floor = std::clamp<milliseconds>(policy.retry_floor, milliseconds(0), kLongestPause);
  policy.retry_ceiling = std::clamp<milliseconds>(policy.retry_ceiling, policy.retry_floor, kLongestPause);
  policy.ahead_budget = std::clamp<milliseconds>(policy.ahead_budget, milliseconds(0), kLongestPause);
  policy.fetch_timeout = std::clamp<milliseconds>(policy.fetch_timeout, milliseconds(1), kLongestPause);
  policy.max_accounts = std::max<std::size_t>(policy.max_accounts, 1);
  return policy;
}

TokenCell::TokenCell(AccountId account, const TokenPolicy& policy)
    : held_(std::move(account), Secret(), WallTime{}), policy_(&policy) {}
TokenCell::~TokenCell() = default;

TokenCell::Step TokenCell::get(Now now) {
  const nanoseconds left = remaining(now);
  if (is_usable(now)) {
    if (left > ahead_ || !may_refresh(now)) return Serve{held_};
    return ServeAndFetch{held_, take_off(), left - margin_};
  }
  if (activity_ && activity_->flying) return Join{*activity_->flying};
  if (activity_ && activity_->error && now.mono < activity_->quiet_until) {
    if (left > nanoseconds(0)) return Serve{held_};
    return Fail{*activity_->error};
  }
  const Flight flight = take_off();
  return Fetch{flight, activity_->quiet_until};
}

Result<AccessToken> TokenCell::fetched(Flight flight, AccessToken answer, Now asked, Now now,
                                       std::uint32_t random) {
  const seconds life = std::clamp<seconds>(answer.expires_at() - asked.wall, seconds(0), kLongestLife);
  const nanoseconds left = remaining(answer.expires_at(), asked.mono + life, now);
  if (left <= nanoseconds(0)) {
    return failed(flight, Error(Errc::malformed_response, "the token had ended before its answer came"), now,
                  random);
  }
  if (!end(flight)) {
    settle();
    return answer;
  }
  const nanoseconds held = remaining(now);
  const bool ends_later = held <= nanoseconds(0) || left - held > 2 * kStep;
  const bool ends_earlier = held > nanoseconds(0) && left - held <= -kStep;
  activity_->heard();
  activity_->due_from = ends_later ? MonoTime::min() : now.mono + policy_->retry_ceiling;
  if (!ends_earlier) install(std::move(answer), asked.mono, life, random);
  settle();
  return held_;
}

Result<AccessToken> TokenCell::failed(Flight flight, Error error, Now now, std::uint32_t random) {
  end(flight);
  if (!nobody_was_asked(error)) pause(error, now, random);
  settle();
  if (auto token = living(now)) return *std::move(token);
  return error;
}

void TokenCell::abandoned(Flight flight, std::optional<MonoTime> contacted) {
  if (end(flight) && contacted && ++activity_->abandonments > 1) {
    activity_->error.reset();
    activity_->quiet_until = std::max(activity_->quiet_until, *contacted + policy_->retry_floor);
  }
  settle();
}

void TokenCell::invalidate() {
  held_ = AccessToken(held_.account(), Secret(), WallTime{});
  mono_end_ = {};
  if (!activity_) return;
  activity_->disowned += activity_->flying ? 1 : 0;
  activity_->flying.reset();
  activity_->due_from = MonoTime::min();
  settle();
}

bool TokenCell::invalidate(const AccessToken& rejected) {
  if (!same_token(rejected, held_)) return false;
  invalidate();
  return true;
}

std::optional<AccessToken> TokenCell::living(Now now) const {
  if (remaining(now) <= nanoseconds(0)) return std::nullopt;
  return held_;
}

bool TokenCell::has_flights() const noexcept {
  return activity_ && (activity_->flying || activity_->disowned > 0);
}

/// What is left until the earlier of two ends. Sums stay far from overflow: no life is longer than a day.
nanoseconds TokenCell::remaining(WallTime wall_end, MonoTime mono_end, Now now) noexcept {
  const seconds wall = std::clamp<seconds>(wall_end - now.wall, -kLongestLife, kLongestLife);
  return std::min<nanoseconds>(wall, mono_end - now.mono);
}

nanoseconds TokenCell::remaining(Now now) const noexcept {
  return remaining(held_.expires_at(), mono_end_, now);
}

bool TokenCell::may_refresh(Now now) const noexcept {
  return !has_flights() &&
         (!activity_ || (now.mono >= activity_->quiet_until && now.mono >= activity_->due_from));
}

TokenCell::Flight TokenCell::take_off() {
  if (!activity_) activity_ = std::make_unique<Activity>();
  activity_->flying = Flight{++activity_->last_flight};
  return *activity_->flying;
}

/// True if the flight is of this generation.
bool TokenCell::end(Flight flight) noexcept {
  if (activity_->flying == flight) {
    activity_->flying.reset();
    return true;
  }
  --activity_->disowned;
  return false;
}

void TokenCell::pause(const Error& error, Now now, std::uint32_t random) {
  const RetryPolicy growing{.base = policy_->retry_floor, .cap = policy_->retry_ceiling};
  const milliseconds drawn = draw_pause(growing, static_cast<int>(++activity_->failures), random);
  const milliseconds asked_for = error.retry_after().value_or(milliseconds(0));
  const milliseconds wait =
      std::min<milliseconds>(std::max({policy_->retry_floor, asked_for, drawn}), kLongestPause);
  activity_->quiet_until = std::max(activity_->quiet_until, now.mono + wait);
  activity_->abandonments = 0;
  activity_->error = error;
}

void TokenCell::install(AccessToken answer, MonoTime asked, seconds life, std::uint32_t random) {
  const milliseconds ahead = window(policy_->refresh_ahead, nanoseconds(life) / 4);
  held_ = std::move(answer);
  mono_end_ = asked + life;
  ahead_ = std::chrono::duration_cast<Window>(ahead - up_to_a_fifth(ahead, random));
  margin_ = std::chrono::duration_cast<Window>(window(policy_->use_margin, nanoseconds(life) / 20));
}

void TokenCell::settle() noexcept {
  if (activity_ && activity_->is_over()) activity_.reset();
}

}  // namespace tongs::detail
