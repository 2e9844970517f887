#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/call_options.hpp>
#include <tongs/ids.hpp>
#include <tongs/jwks.hpp>
#include <tongs/result.hpp>

namespace tongs {

/// What a verifier tolerates. One may only tighten it: there is no way to skip a check.
struct FitPolicy {
  /// Clock difference granted to `exp`, `nbf` and `iat`. Default 30 s, 0 to 600 s. Atlassian documents none,
  /// and a FIT lives 25 s (contract 2.5.6).
  std::chrono::seconds leeway{30};
  /// Longest age since `iat`, 0 to 24 h. Default 0: only `exp` counts.
  std::chrono::seconds max_age{0};
  /// Longest compact token accepted. Default 16 KiB, 1 KiB to 1 MiB.
  std::size_t max_token_bytes = std::size_t{16} * 1024;
};

/// A product in which the app is installed (contract 2.3, `app.installation.contexts[]`).
struct InstallationContext {
  std::string name;  ///< `jira`, `confluence`, `bitbucket`
  std::string api_base_url;
  std::string cloud_id;      ///< empty for Bitbucket
  std::string workspace_id;  ///< Bitbucket only, without braces
};

/// `app.license`. Absent is not the same as unlicensed (contract 2.3).
struct License {
  std::optional<bool> active;  ///< from `active`, else from the deprecated `isActive`
  std::string type;            ///< compare without regard to case
  bool evaluation = false;
  std::string capability_set;
};

/// The claims that Forge documents, read out of a FIT (contract 2.2, 2.3). Texts that are absent, or have a
/// control character, are empty, so that each may stand in a header. Members that are not modelled here are
/// in `VerifiedInvocation::claims_json()`.
struct FitClaims {
  AppId app_id;
  InstallationId installation;
  std::vector<InstallationContext> contexts;
  std::string api_base_url;
  std::string app_version;       ///< `app.appVersion`, else the deprecated `app.version`
  std::string environment_type;  ///< `DEVELOPMENT`, `STAGING`, `PRODUCTION`
  std::string environment_id;    ///< as the token has it; contract 2.3 knows two forms
  std::string module_type;
  std::string module_key;
  std::optional<License> license;
  std::optional<AccountId> account;  ///< `principal`: empty when no user takes part
  std::string cloud_id;      ///< `context.cloudId`, else the one that all `contexts` agree on; may be empty
  std::string workspace_id;  ///< the same for Bitbucket; without braces
  std::string site_url;
  std::string ic_label;  ///< Isolated Cloud only
  WallTime issued_at{};
  WallTime not_before{};
  WallTime expires_at{};
  std::string jti;
};

namespace detail {
class FitChecker;
class UnverifiedFit;
}  // namespace detail

/// Proof that a FIT was verified: nothing but a verifier can make one. Copies share their content.
/// Thread safety: const.
class VerifiedInvocation {
 public:
  const FitClaims& claims() const noexcept;
  const InstallationId& installation() const noexcept { return claims().installation; }
  const std::optional<AccountId>& account() const noexcept { return claims().account; }
  WallTime expires_at() const noexcept { return claims().expires_at; }
  /// The whole payload as it was signed, unknown members included.
  std::string_view claims_json() const noexcept;

 private:
  friend class detail::FitChecker;
  friend class detail::UnverifiedFit;
  struct Content;
  explicit VerifiedInvocation(std::shared_ptr<const Content> content) noexcept;
  std::shared_ptr<const Content> content_;
};

/// Answers one question: is this Forge Invocation Token genuine, for this app, now?
/// The checks run in a fixed order, the free ones first: size, three parts, canonical base64url, JOSE header
/// (RS256 only, a `kid`, no `crit`), claims JSON without duplicate names, `iss`, `aud`, the form of the
/// claims that must be there, `app.id`, `exp`, `nbf`, `iat`, and at last key and signature (RFC 7515, RFC
/// 7519, RFC 8725; contract 2). So a token that is wrong for free never costs a fetch. Thread safety: any.
class FitVerifier {
 public:
  /// Errors: invalid_argument (a policy outside its range, no keys).
  static Result<FitVerifier> create(AppId audience, std::shared_ptr<KeySource> keys, FitPolicy policy = {},
                                    std::shared_ptr<const Clock> clock = Clock::system());
  /// The same for a backend that serves several apps: a token may be for any of them, and its claims say for
  /// which. Errors: invalid_argument (as above, or no app).
  static Result<FitVerifier> create(std::vector<AppId> audiences, std::shared_ptr<KeySource> keys,
                                    FitPolicy policy = {},
                                    std::shared_ptr<const Clock> clock = Clock::system());

  /// `token`: the compact JWS, without `Bearer `.
  /// Errors, decided (answer 401): token_malformed, algorithm_not_allowed, issuer_mismatch,
  /// audience_mismatch, token_expired, token_not_yet_valid, key_unknown, signature_invalid. Errors, undecided
  /// (answer 503): keys_unavailable, cancelled, deadline_exceeded.
  Result<VerifiedInvocation> verify(std::string_view token, const CallOptions& call = {}) const;

 private:
  struct Impl;
  explicit FitVerifier(std::shared_ptr<const Impl> impl) noexcept;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace tongs
