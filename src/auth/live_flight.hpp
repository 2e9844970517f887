#pragma once
#include <chrono>
#include <memory>
#include <optional>

#include <tongs/call_options.hpp>
#include <tongs/clock.hpp>
#include <tongs/http.hpp>
#include <tongs/ids.hpp>
#include <tongs/result.hpp>
#include <tongs/token.hpp>
#include <tongs/token_manager.hpp>

#include "auth/account_map.hpp"
#include "auth/landing.hpp"
#include "auth/random_numbers.hpp"
#include "auth/token_cell.hpp"

namespace tongs::detail {

/// What a token manager shares with its flights.
struct TokenDesk {
  TokenDesk(std::shared_ptr<UserTokenSource> user_tokens, std::shared_ptr<const Clock> both_times,
            const TokenPolicy& limits)
      : source(std::move(user_tokens)), clock(std::move(both_times)), policy(limits), accounts(policy) {}

  std::shared_ptr<UserTokenSource> source;
  std::shared_ptr<const Clock> clock;
  TokenPolicy policy;
  AccountMap accounts;
  RandomNumbers random;
};

/// A fetch under way, and the duty to end it: dropped without an end, it counts as abandoned. It keeps no
/// desk alive, so a flight that waits in an executor for a manager that is gone asks nobody. Thread safety:
/// none.
class LiveFlight {
 public:
  LiveFlight(std::weak_ptr<TokenDesk> desk, const AccountId& account, TokenCell::Flight number,
             MonoTime not_before, std::shared_ptr<Landing> landing);
  LiveFlight(LiveFlight&&) noexcept = default;
  LiveFlight& operator=(LiveFlight&&) = delete;
  ~LiveFlight();

  /// Asks the source, for at most `limit`, and ends the flight. What its leader gets: the outcome; or, if his
  /// own limit came first, a token that still lives, else deadline_exceeded or cancelled.
  Result<AccessToken> run(std::chrono::nanoseconds limit, const CallOptions& leader) &&;

  /// Runs the flight on `executor`, without a leader.
  void launch(std::chrono::nanoseconds limit, Executor& executor) &&;

 private:
  /// Passes the time until the source may be asked. False if the leader's own limit came first.
  bool hold(const TokenDesk& desk, const CallOptions& leader) const;
  Result<AccessToken> land(TokenDesk& desk, const Result<AccessToken>& answer, Now asked);
  std::optional<AccessToken> abandon(TokenDesk& desk, std::optional<MonoTime> contacted);

  std::weak_ptr<TokenDesk> desk_;
  AccountId account_;
  TokenCell::Flight number_;
  MonoTime not_before_;
  std::shared_ptr<Landing> landing_;  ///< null once the flight has ended
};

}  // namespace tongs::detail
