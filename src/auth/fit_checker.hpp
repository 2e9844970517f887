#pragma once
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include <tongs/clock.hpp>
#include <tongs/fit.hpp>
#include <tongs/ids.hpp>
#include <tongs/result.hpp>

#include "jose/compact_jws.hpp"
#include "jose/rsa_public_key.hpp"

namespace tongs::detail {

/// A token that passed every check which costs nothing: worth asking for its key, and no proof of anything.
/// A shell may wait for the key as it likes, if it keeps the token's bytes. Thread safety: const.
class UnverifiedFit {
 public:
  /// The key to ask for.
  std::string_view kid() const noexcept { return jws_.kid; }
  /// Isolated Cloud chooses its key set by `ic_label` (contract 2.4.4). Decide nothing else by these.
  const FitClaims& unverified_claims() const noexcept;

 private:
  friend class FitChecker;
  using Content = VerifiedInvocation::Content;
  UnverifiedFit(jose::CompactJws jws, std::shared_ptr<const Content> content)
      : jws_(std::move(jws)), content_(std::move(content)) {}
  jose::CompactJws jws_;  ///< its payload is in `content_`
  std::shared_ptr<const Content> content_;
};

/// The decision about one FIT without a clock, lock or socket, in two steps between which a shell fetches the
/// key: FitVerifier by blocking, the gateway's ingress by suspending.
class FitChecker {
 public:
  /// Errors: invalid_argument (a member outside the range that FitPolicy states).
  static Result<void> check_policy(const FitPolicy& policy);

  /// Everything but the signature, in the order that FitVerifier documents. `policy` passed `check_policy`;
  /// `audiences`: the apps that we are.
  /// Errors: token_malformed, algorithm_not_allowed, issuer_mismatch, audience_mismatch, token_expired,
  /// token_not_yet_valid.
  static Result<UnverifiedFit> check(std::string_view token, const FitPolicy& policy,
                                     std::span<const AppId> audiences, WallTime now);

  /// The proof, if `key` signed the token. Errors: signature_invalid, internal.
  static Result<VerifiedInvocation> confirm(UnverifiedFit fit, const jose::RsaPublicKey& key);

  /// `exp`, `nbf`, `iat` against the clock, also for whoever keeps a proof and meets its token again. With
  /// leeway L a token lives while `nbf - L <= now < exp + L`. Errors: token_expired, token_not_yet_valid.
  static Result<void> check_dates(const FitClaims& claims, const FitPolicy& policy, WallTime now);
};

}  // namespace tongs::detail
