#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

#include <tongs/clock.hpp>
#include <tongs/error.hpp>
#include <tongs/ids.hpp>
#include <tongs/result.hpp>
#include <tongs/token.hpp>
#include <tongs/token_manager.hpp>

namespace tongs::detail {

/// The nearest policy whose numbers cannot overflow: windows up to a day, pauses and time-outs up to an hour,
/// a ceiling not below its floor.
TokenPolicy within_limits(TokenPolicy policy) noexcept;

/// Decides about the token of one account: whether to give it out, when to fetch its successor, what an
/// answer is worth. It has no clock, lock or I/O; the moment and a random number come in as arguments.
///
/// Life is counted from before the question: it ends at `expires_at` on the wall clock or as long after
/// `asked` on the monotonic one, whichever comes first. A token is *alive* before its end, *usable* outside a
/// margin before it, and *due* inside a window before it; margin and window shrink with the life.
///
/// | at `get`                    | no flight     | a flight    | only flights from before an invalidation |
/// |-----------------------------|---------------|-------------|------------------------------------------|
/// | usable, not due             | Serve         | Serve       | Serve                                    |
/// | usable, due                 | ServeAndFetch | Serve       | Serve                                    |
/// | usable, due, in a pause     | Serve         | Serve       | Serve                                    |
/// | not usable                  | Fetch         | Join        | Fetch                                    |
/// | not usable, alive, in a pause after a failure | Serve | Join | Serve                               |
/// | not alive, in a pause after a failure         | Fail  | Join | Fail                                |
///
/// Thread safety: none.
class TokenCell {
 public:
  /// One fetch: begins with a step of `get` and ends with exactly one call of `fetched`, `failed` or
  /// `abandoned`. Unique among the flights of this cell that have not ended.
  enum class Flight : std::uint32_t {};

  struct Serve {
    AccessToken token;
  };
  /// The token is good for `usable_for` more; meanwhile its successor should be fetched.
  struct ServeAndFetch {
    AccessToken token;
    Flight flight;
    std::chrono::nanoseconds usable_for;
  };
  /// The caller fetches, but does not contact the source before `not_before`.
  struct Fetch {
    Flight flight;
    MonoTime not_before;
  };
  struct Join {
    Flight flight;
  };
  struct Fail {
    Error error;
  };
  using Step = std::variant<Serve, ServeAndFetch, Fetch, Join, Fail>;

  /// `policy` is one of `within_limits` and must outlive the cell.
  TokenCell(AccountId account, const TokenPolicy& policy);
  ~TokenCell();

  const AccountId& account() const noexcept { return held_.account(); }

  Step get(Now now);

  /// The source answered. What the callers of this flight get: the answer, or the token held already if it
  /// lives longer, or an error if the answer has ended meanwhile. An answer from before an invalidation goes
  /// to its callers and never into the cell.
  Result<AccessToken> fetched(Flight flight, AccessToken answer, Now asked, Now now, std::uint32_t random);

  /// The source gave no token: it is left alone for the longest of the floor, its `Retry-After` and a random
  /// share of the growing cap. What the callers get: the token held if it is alive, else the error. An error
  /// that says no question was sent (`rejected` without RemoteDetail) costs no pause.
  Result<AccessToken> failed(Flight flight, Error error, Now now, std::uint32_t random);

  /// Whoever fetched has left without an answer. `contacted`: when the source was asked, if it was. One
  /// abandonment is free; from the second in a row on, the next question waits until the floor has passed
  /// since the last one (docs/adr/0002).
  void abandoned(Flight flight, std::optional<MonoTime> contacted);

  /// Forgets the token and disowns a flight that is under way.
  void invalidate();
  /// The same, if `rejected` is the token held. True if it was.
  bool invalidate(const AccessToken& rejected);

  /// The token held, if it is alive.
  std::optional<AccessToken> living(Now now) const;
  /// Would `get` give out a token, and nobody wait?
  bool is_usable(Now now) const noexcept { return remaining(now) > margin_; }
  bool has_flights() const noexcept;
  /// No token, no flight, no pause: a new cell would behave the same.
  bool is_blank() const noexcept { return activity_ == nullptr && held_.reveal().empty(); }

 private:
  using Window = std::chrono::duration<std::uint32_t, std::milli>;
  /// All that is about fetching. A cell at rest has none, so that a remembered token costs little memory.
  struct Activity;

  static std::chrono::nanoseconds remaining(WallTime wall_end, MonoTime mono_end, Now now) noexcept;
  std::chrono::nanoseconds remaining(Now now) const noexcept;
  bool may_refresh(Now now) const noexcept;
  Flight take_off();
  bool end(Flight flight) noexcept;
  void pause(const Error& error, Now now, std::uint32_t random);
  void install(AccessToken answer, MonoTime asked, std::chrono::seconds life, std::uint32_t random);
  void settle() noexcept;

  AccessToken held_;  ///< an empty one that ended long ago if there is none
  MonoTime mono_end_{};
  Window ahead_{0};
  Window margin_{0};
  const TokenPolicy* policy_;
  std::unique_ptr<Activity> activity_;
};

}  // namespace tongs::detail
