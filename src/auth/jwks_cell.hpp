#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include <tongs/clock.hpp>
#include <tongs/error.hpp>
#include <tongs/jwks.hpp>
#include <tongs/result.hpp>

#include "jose/jwks.hpp"

namespace tongs::detail {

/// Everything that is decided about a remote key set, without a clock, lock, socket or thread
/// (contract 2.6.4). A shell asks, does what the step says, reports how it ended, and asks again. Thread
/// safety: none.
///
/// Two kinds of attempt reach the peer. A *scheduled* one is due when there are no keys, or when they come
/// near the end of their time; it begins no sooner than `cooldown` after the attempt before it, or, while
/// there are no keys that may be believed, than a pause that doubles with each failure in a row, from 1 s to
/// `cooldown`. One *for an unknown kid* is due when a set that is believed has no such key: there may have
/// been a rotation. It begins no sooner than `cooldown` after the last of its own kind, whatever came of that
/// one, so made-up kids cost one attempt per cooldown; a scheduled attempt does not use it up. There is never
/// more than one attempt at a time.
///
/// Time is taken from the clock on which more of it passed: the steady one stands still while a machine
/// sleeps, the wall clock can be set back. The life of a set counts from before its request.
class JwksCell {
 public:
  using Key = std::shared_ptr<const jose::RsaPublicKey>;
  /// The number of an attempt; they grow.
  enum class Flight : std::uint64_t {};

  /// Here is the key.
  struct Found {
    Key key;
  };
  /// Here is the key, and the caller leads an attempt that nobody waits for.
  struct FoundAndFetch {
    Key key;
    Flight flight;
  };
  /// The caller leads an attempt and then asks again.
  struct Fetch {
    Flight flight;
  };
  /// Somebody leads an attempt: wait until it is no longer `current`, then ask again.
  struct Join {
    Flight flight;
  };
  /// key_unknown or keys_unavailable.
  struct Fail {
    Error error;
  };
  using Step = std::variant<Found, FoundAndFetch, Fetch, Join, Fail>;

  /// There is a fresh set.
  struct Fresh {};
  using PrefetchStep = std::variant<Fresh, Fetch, Join, Fail>;

  /// Errors: invalid_argument (a member outside the range that JwksPolicy states).
  static Result<void> check_policy(const JwksPolicy& policy);

  /// `policy` passed `check_policy`.
  explicit JwksCell(const JwksPolicy& policy) noexcept : policy_(policy) {}

  /// The attempt that began last. A caller notes it before its first `find` and passes it along each time: a
  /// set that was requested after the question was asked answers it, and costs no further attempt.
  Flight latest() const noexcept { return latest_; }
  Step find(std::string_view kid, Flight asked_after, Now now);
  PrefetchStep prefetch(Now now);

  /// An attempt brought `keys`, with the `Cache-Control: max-age` that came along. Without keys it failed.
  void fetched(Flight flight, jose::KeySet keys, std::optional<std::chrono::seconds> max_age);
  /// An attempt failed. What we hold is not touched.
  void failed(Flight flight, Error error);
  /// Its leader left before the end. This is no attempt: whoever asks next may lead at once.
  void abandoned(Flight flight) noexcept;

  /// Is this attempt under way? An attempt that nobody ended within twice its time-out is not.
  bool current(Flight flight) const noexcept { return attempt_ && attempt_->flight == flight; }
  /// Grows whenever another set takes the place of the one before; a cache of verdicts drops what is older.
  std::uint64_t generation() const noexcept { return generation_; }
  JwksStatus status(Now now) const noexcept;

 private:
  enum class Cause : std::uint8_t { schedule, unknown_kid };
  struct Attempt {
    Flight flight;
    Cause cause;
    Now began;
  };
  struct Held {
    jose::KeySet keys;  ///< empty: there is no set yet
    std::chrono::seconds fresh{0};
    Now asked{};
    Flight flight{0};
  };

  Step find_known(Key key, Now now);
  Step find_unknown(Flight asked_after, Now now);

  std::chrono::seconds age(Now now) const noexcept;
  bool is_fresh(Now now) const noexcept;
  bool is_believed(Now now) const noexcept;
  bool is_due(Now now) const noexcept;
  std::chrono::seconds pause(Cause cause, Now now) const noexcept;
  std::chrono::nanoseconds rest(Cause cause, Now now) const noexcept;
  bool may_begin(Cause cause, Now now) const noexcept;

  Flight begin(Cause cause, Now now);
  std::optional<Attempt> end(Flight flight) noexcept;
  void end_if_lost(Now now);
  Error unavailable(Cause cause, Now now) const;

  JwksPolicy policy_;
  Held held_;
  std::optional<Attempt> attempt_;
  std::optional<Now> last_attempt_;          ///< when the last ended attempt of any cause began
  std::optional<Now> last_for_unknown_kid_;  ///< the same, of that cause alone
  std::optional<Error> failing_;             ///< how the last attempt failed, if it did
  Flight latest_{0};
  std::uint64_t generation_ = 0;
  std::uint64_t failures_ = 0;
  unsigned failures_in_a_row_ = 0;
};

}  // namespace tongs::detail
