#include "auth/jwks_cell.hpp"

#include <algorithm>
#include <utility>

namespace tongs::detail {

namespace {

using std::chrono::seconds;

constexpr seconds kShortestLife = std::chrono::minutes(1);
constexpr seconds kLongestLife = std::chrono::hours(1);

template <class Duration>
bool within(Duration value, Duration low, Duration high) noexcept {
  return value >= low && value <= high;
}

/// At least as much time has passed. Wall readings are whole seconds: up to one of their difference may be
/// none.
std::chrono::nanoseconds passed(Now since, Now now) noexcept {
  return std::max<std::chrono::nanoseconds>(now.mono - since.mono, now.wall - since.wall - seconds(1));
}

}  // namespace

Result<void> JwksCell::check_policy(const JwksPolicy& policy) {
  using std::chrono::hours;
  using std::chrono::milliseconds;
  if (!within<seconds>(policy.fresh, kShortestLife, kLongestLife) ||
      !within<seconds>(policy.refresh_ahead, seconds(0), kLongestLife) ||
      !within<seconds>(policy.cooldown, seconds(1), kLongestLife) ||
      !within<hours>(policy.stale, hours(0), hours(24 * 7))) {
    return Error(
        Errc::invalid_argument,
        "a JWKS policy has fresh of 1 min to 1 h, refresh_ahead of 0 to 1 h, cooldown of 1 s to 1 h and "
        "stale of 0 to 7 days");
  }
  if (!within<milliseconds>(policy.fetch_timeout, milliseconds(1), std::chrono::minutes(1)) ||
      !within<std::size_t>(policy.max_bytes, 1024, std::size_t{1024} * 1024) ||
      !within<std::size_t>(policy.max_keys, 1, 1024)) {
    return Error(
        Errc::invalid_argument,
        "a JWKS policy has fetch_timeout of 1 ms to 1 min, max_bytes of 1 KiB to 1 MiB and max_keys of 1 "
        "to 1024");
  }
  return {};
}

JwksCell::Step JwksCell::find(std::string_view kid, Flight asked_after, Now now) {
  end_if_lost(now);
  if (is_believed(now)) {
    Key key = jose::find_key(held_.keys, kid);
    return key ? find_known(std::move(key), now) : find_unknown(asked_after, now);
  }
  if (attempt_) return Join{attempt_->flight};
  if (may_begin(Cause::schedule, now)) return Fetch{begin(Cause::schedule, now)};
  return Fail{unavailable(Cause::schedule, now)};
}

JwksCell::Step JwksCell::find_known(Key key, Now now) {
  const bool may_serve = is_fresh(now) || failing_;
  if (!may_serve && attempt_) return Join{attempt_->flight};
  if (!is_due(now) || !may_begin(Cause::schedule, now)) return Found{std::move(key)};
  const Flight flight = begin(Cause::schedule, now);
  if (may_serve) return FoundAndFetch{std::move(key), flight};
  return Fetch{flight};
}

JwksCell::Step JwksCell::find_unknown(Flight asked_after, Now now) {
  if (attempt_) return Join{attempt_->flight};
  const bool requested_since = held_.flight > asked_after;
  if (!requested_since) {
    if (is_due(now) && may_begin(Cause::schedule, now)) return Fetch{begin(Cause::schedule, now)};
    if (may_begin(Cause::unknown_kid, now)) return Fetch{begin(Cause::unknown_kid, now)};
    if (failing_ || !is_fresh(now)) return Fail{unavailable(Cause::unknown_kid, now)};
  }
  return Fail{Error(Errc::key_unknown, "the key set has no key of the name that the token gives")};
}

JwksCell::PrefetchStep JwksCell::prefetch(Now now) {
  end_if_lost(now);
  if (is_fresh(now)) return Fresh{};
  if (attempt_) return Join{attempt_->flight};
  if (may_begin(Cause::schedule, now)) return Fetch{begin(Cause::schedule, now)};
  return Fail{unavailable(Cause::schedule, now)};
}

void JwksCell::fetched(Flight flight, jose::KeySet keys, std::optional<seconds> max_age) {
  if (keys.empty()) return failed(flight, Error(Errc::malformed_response, "the key set has no usable key"));
  const auto attempt = end(flight);
  if (!attempt) return;
  failing_.reset();
  failures_in_a_row_ = 0;
  if (jose::same_keys(held_.keys, keys)) {
    keys = std::move(held_.keys);  // the same objects, so that what threads prepared for them stays of use
  } else {
    ++generation_;
  }
  const seconds fresh = std::clamp(max_age.value_or(policy_.fresh), kShortestLife, kLongestLife);
  held_ = Held{std::move(keys), fresh, attempt->began, flight};
}

void JwksCell::failed(Flight flight, Error error) {
  if (!end(flight)) return;
  failing_ = std::move(error);
  ++failures_;
  ++failures_in_a_row_;
}

void JwksCell::abandoned(Flight flight) noexcept {
  if (current(flight)) attempt_.reset();
}

JwksStatus JwksCell::status(Now now) const noexcept {
  return {.keys = held_.keys.size(),
          .generation = generation_,
          .fetches = static_cast<std::uint64_t>(latest_),
          .failures = failures_,
          .usable = is_believed(now),
          .stale = is_believed(now) && !is_fresh(now) && failing_,
          .age = held_.keys.empty() ? seconds(0) : age(now),
          .believed_for = is_believed(now) ? held_.fresh + policy_.stale - age(now) : seconds(0)};
}

seconds JwksCell::age(Now now) const noexcept {
  return std::chrono::floor<seconds>(passed(held_.asked, now));
}

bool JwksCell::is_fresh(Now now) const noexcept { return !held_.keys.empty() && age(now) < held_.fresh; }

bool JwksCell::is_believed(Now now) const noexcept {
  return !held_.keys.empty() && age(now) < held_.fresh + policy_.stale;
}

/// Near the end of its time: at most a quarter of it, or a short life would be all refreshing.
bool JwksCell::is_due(Now now) const noexcept {
  return age(now) >= held_.fresh - std::min(policy_.refresh_ahead, held_.fresh / 4);
}

/// From the begin of one attempt to the begin of the next. Without keys nothing works, so it starts short.
seconds JwksCell::pause(Cause cause, Now now) const noexcept {
  constexpr unsigned kMostDoublings = 12;  // 1 s becomes longer than any cooldown may be
  if (cause == Cause::unknown_kid || failures_in_a_row_ == 0 || is_believed(now)) return policy_.cooldown;
  return std::min(policy_.cooldown, seconds(1) * (1 << std::min(failures_in_a_row_ - 1, kMostDoublings)));
}

/// What is left of the pause, if anything.
std::chrono::nanoseconds JwksCell::rest(Cause cause, Now now) const noexcept {
  const auto& last = cause == Cause::schedule ? last_attempt_ : last_for_unknown_kid_;
  return last ? pause(cause, now) - passed(*last, now) : std::chrono::nanoseconds(0);
}

bool JwksCell::may_begin(Cause cause, Now now) const noexcept {
  return !attempt_ && rest(cause, now) <= std::chrono::nanoseconds(0);
}

JwksCell::Flight JwksCell::begin(Cause cause, Now now) {
  latest_ = Flight{static_cast<std::uint64_t>(latest_) + 1};
  attempt_ = Attempt{latest_, cause, now};
  return latest_;
}

/// The attempt of that number, which is then over and counts for the cooldowns; nothing if it was over
/// before.
std::optional<JwksCell::Attempt> JwksCell::end(Flight flight) noexcept {
  std::optional<Attempt> ended;
  if (current(flight)) ended.swap(attempt_);
  if (!ended) return ended;
  last_attempt_ = ended->began;
  if (ended->cause == Cause::unknown_kid) last_for_unknown_kid_ = ended->began;
  return ended;
}

/// A shell that lost an attempt (its executor dropped the job) must not leave us waiting for ever.
void JwksCell::end_if_lost(Now now) {
  if (!attempt_ || now.mono - attempt_->began.mono < 2 * policy_.fetch_timeout) return;
  failed(attempt_->flight, Error(Errc::deadline_exceeded, "the fetch of the key set never ended"));
}

Error JwksCell::unavailable(Cause cause, Now now) const {
  auto error = Error(Errc::keys_unavailable, "the key set could not be fetched, so nothing can be decided")
                   .with_retry_after(std::chrono::ceil<std::chrono::milliseconds>(rest(cause, now)));
  return failing_ ? std::move(error).with_cause(*failing_) : error;
}

}  // namespace tongs::detail
