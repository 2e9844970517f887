#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <tongs/call_options.hpp>
#include <tongs/http.hpp>
#include <tongs/result.hpp>

namespace tongs {

namespace jose {
class RsaPublicKey;
}

/// Gives the public key for a `kid`.
/// Thread safety: any.
class KeySource {
 public:
  virtual ~KeySource() = default;
  /// Errors: key_unknown (the set is known and has no such key), keys_unavailable (the set could not be had,
  /// so nothing can be said; `retry_after` is set), cancelled, deadline_exceeded.
  virtual Result<std::shared_ptr<const jose::RsaPublicKey>> find(std::string_view kid,
                                                                 const CallOptions& call) = 0;
};

/// The JWKS of Forge's commercial production (contract 2.4).
inline constexpr std::string_view kProductionJwksUrl =
    "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json";
/// The JWKS of Atlassian's own staging. A token signed there must never pass in production.
inline constexpr std::string_view kStagingJwksUrl =
    "https://forge.cdn.stg.atlassian-dev.net/.well-known/jwks.json";

/// When a remote key set is fetched and how long it may be believed (contract 2.6).
struct JwksPolicy {
  /// How long a set is believed without asking again, if the answer has no `Cache-Control: max-age`; that is
  /// held to 1 min … 1 h. Default 10 min, 1 min to 1 h.
  std::chrono::seconds fresh{600};
  /// A fresh set is fetched again this long before its time is over, at most a quarter of it. Default 1 min,
  /// 0 to 1 h. 0: never ahead.
  std::chrono::seconds refresh_ahead{60};
  /// Between two attempts, whatever came of the first. A scheduled one does not use up the one that an
  /// unknown `kid` may cause. While there are no keys that may be believed, it is only the most: after a
  /// failure the next attempt comes after 1 s, then 2 s, 4 s … Default 30 s, 1 s to 1 h.
  std::chrono::seconds cooldown{30};
  /// Known keys are still believed this long past their time while attempts fail. Default 24 h, 0 to 7 days.
  std::chrono::hours stale{24};
  /// Limit of one attempt, whoever leads it. Default 5 s, 1 ms to 1 min.
  std::chrono::milliseconds fetch_timeout{5000};
  /// Longest body believed to be a key set. Default 64 KiB, 1 KiB to 1 MiB.
  std::size_t max_bytes = std::size_t{64} * 1024;
  /// Most keys in a set, usable or not. Default 32, 1 to 1024.
  std::size_t max_keys = 32;
};

/// What a remote key set is doing, for readiness and metrics.
struct JwksStatus {
  std::size_t keys = 0;
  std::uint64_t generation = 0;          ///< grows with every changed set; verdict caches compare it
  std::uint64_t fetches = 0;             ///< attempts begun
  std::uint64_t failures = 0;            ///< attempts that brought no keys
  bool usable = false;                   ///< there are keys that may be believed now
  bool stale = false;                    ///< …but the last attempt failed and the set is past its time: warn
  std::chrono::seconds age{0};           ///< of the set, since before its request
  std::chrono::seconds believed_for{0};  ///< until the set is no longer usable, if no other one comes
};

/// Keys that never change, from the text of a JWKS (RFC 7517 5). Only RSA keys of 2048 to 8192 bits with
/// `use` absent or `sig` and `alg` absent or RS256 are taken; others are passed over. At most 64 KiB and 32
/// keys. Errors: malformed_response (not a JWKS, too large, no usable key, one `kid` twice).
Result<std::shared_ptr<KeySource>> static_keys(std::string_view jwks_json);

/// Keys of a URL, fetched when first needed and kept by JwksPolicy: single flight, one refetch for an unknown
/// `kid` per cooldown, stale keys while the URL is down, redirects refused, nothing ever wiped by a failure.
/// `background`, if given, runs refreshes that nobody has to wait for; without it the caller who meets one
/// pays for it. A caller who leaves early (deadline, stop) fails alone: those who waited with it fetch on.
/// Thread safety: any.
class RemoteKeySource : public KeySource {
 public:
  /// No I/O happens here. Errors: invalid_argument (not an https URL, nor http on loopback; a policy outside
  /// its range; no transport).
  static Result<std::shared_ptr<RemoteKeySource>> create(std::string url,
                                                         std::shared_ptr<const Transport> transport,
                                                         JwksPolicy policy = {},
                                                         std::shared_ptr<const Clock> clock = Clock::system(),
                                                         std::shared_ptr<Executor> background = nullptr);
  /// Fetches now if there is no fresh set, so that the first token does not wait. Errors: as `find`.
  virtual Result<void> prefetch(const CallOptions& call) = 0;
  virtual JwksStatus status() const = 0;
};

}  // namespace tongs
