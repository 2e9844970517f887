#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <tongs/call_options.hpp>
#include <tongs/http.hpp>
#include <tongs/ids.hpp>
#include <tongs/installation.hpp>
#include <tongs/result.hpp>
#include <tongs/token.hpp>

namespace tongs {

class Adapter;      // <tongs/adapter.hpp>
class BoundClient;  // <tongs/client.hpp>

/// How a token manager refreshes. Both windows shrink with the token's life, so that a token of any life is
/// reused.
struct TokenPolicy {
  /// Fetch a successor this long before the end; at most a quarter of the life. Default 5 min. 0: only at the
  /// end.
  std::chrono::seconds refresh_ahead{300};
  /// Do not give out a token this close to its end; at most a twentieth of the life. Default 30 s.
  std::chrono::seconds use_margin{30};
  /// Pause after a failed fetch: at least the floor, drawn below a cap that doubles from floor to ceiling.
  std::chrono::milliseconds retry_floor{1000};
  std::chrono::milliseconds retry_ceiling{30000};
  /// Longest wait of a caller who holds a usable token while he fetches its successor. Default 2 s. 0: never
  /// wait.
  std::chrono::milliseconds ahead_budget{2000};
  /// Longest fetch, whatever its callers' deadlines are. Default 10 s.
  std::chrono::milliseconds fetch_timeout{10000};
  /// Accounts remembered; the least recently used one without a fetch under way goes first. Default 10,000.
  std::size_t max_accounts = 10000;
};

/// What a token manager did since it was made.
struct TokenManagerStats {
  std::uint64_t hits = 0;      ///< answered from memory
  std::uint64_t fetches = 0;   ///< requests to the source
  std::uint64_t failures = 0;  ///< …that failed
  std::uint64_t joins = 0;     ///< callers who waited for another's fetch
  std::size_t accounts = 0;    ///< remembered now
};

/// Offline user tokens of one installation: gives each caller one that lives, fetches each once.
///
/// A hit is a lookup. A miss is fetched by one caller, all others of that account join; a caller who leaves
/// (deadline, stop) leaves alone, and if he led, another one takes over. A token past its refresh point is
/// renewed while it is still given out; when that fails it is given out until its end, on whichever of the
/// two clocks comes first. After a failure the source is left alone for a while, `Retry-After` included. An
/// answer to a question from before an invalidation never comes back into the cache.
///
/// The TypeScript names: `getToken`, `invalidate`, `invalidateAll`, `boundClient`
/// (seeds/remote-token-manager). Thread safety: any. Destruction waits for no one: flights keep their own
/// state alive.
class TokenManager {
 public:
  /// `background`, if given, runs refreshes ahead of time, so that no caller pays for them.
  explicit TokenManager(std::shared_ptr<UserTokenSource> source, TokenPolicy policy = {},
                        std::shared_ptr<const Clock> clock = Clock::system(),
                        std::shared_ptr<Executor> background = nullptr);
  TokenManager(TokenManager&&) noexcept;
  TokenManager& operator=(TokenManager&&) noexcept;
  ~TokenManager();

  const InstallationId& installation() const noexcept;

  /// Errors: those of the source (rejected: no live system token, or refused; forbidden: no impersonation of
  /// that user; rate_limited; unavailable; transport_failed; malformed_response), deadline_exceeded,
  /// cancelled.
  Result<AccessToken> get_token(const AccountId& account, const CallOptions& call = {});

  /// A client that acts as this user. It asks this manager for the token at each call and tells it of a 401,
  /// so it may be kept. The first token is fetched now. Errors: as `get_token`.
  Result<BoundClient> bound_client(std::shared_ptr<const Adapter> adapter, const AccountId& account,
                                   const CallOptions& call = {});

  /// Fetches what is missing or due for this account, so that a later `get_token` is a hit. Errors: as
  /// `get_token`.
  Result<void> prefetch(const AccountId& account, const CallOptions& call = {});

  /// Forgets the account's token and disowns a fetch that is under way.
  void invalidate(const AccountId& account);
  /// Forgets this very token, if it is still the current one of its account; true if it was. A 401 that comes
  /// late does no harm to the successor.
  bool invalidate(const AccessToken& rejected);
  void invalidate_all();

  TokenManagerStats stats() const;

 private:
  struct Impl;
  explicit TokenManager(std::shared_ptr<Impl> impl) noexcept;
  std::shared_ptr<Impl> impl_;
};

}  // namespace tongs
