#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>
#include <tongs/secret.hpp>

namespace tongs {

/// A live app system token, shared: copies hold one secret, the last one wipes it.
/// Thread safety: const.
class SystemToken {
 public:
  std::string_view reveal() const noexcept { return secret_->reveal(); }
  WallTime expires_at() const noexcept { return expires_at_; }

 private:
  friend class InstallationCredentials;
  SystemToken(std::shared_ptr<const Secret> secret, WallTime expires_at)
      : secret_(std::move(secret)), expires_at_(expires_at) {}
  std::shared_ptr<const Secret> secret_;
  WallTime expires_at_;
};

/// The app system token of one installation, renewed for as long as the process lives: every verified
/// invocation may `offer` the token it brought, the one that lives longest is kept, an absent or older one
/// never replaces it (contract 3.2.4). Thread safety: any.
class InstallationCredentials {
 public:
  explicit InstallationCredentials(InstallationId installation,
                                   std::shared_ptr<const Clock> clock = Clock::system());

  const InstallationId& installation() const noexcept { return installation_; }

  /// True if the offered token took the place of the current one. Dropped are: one that is empty, expired, or
  /// ends no later than the current one; one that was rejected lately (`kRejectedFor`); one that could not
  /// stand in a header (more than 16 KiB, or other than visible ASCII without a comma).
  bool offer(Secret app_system_token, WallTime expires_at);
  /// The same, with `exp` read out of the token, which is not verified: it is a bearer token of Atlassian,
  /// opaque but for `exp` (contract 3.2.1). A token without a readable `exp` is believed for `kOpaqueLife`.
  bool offer(Secret app_system_token);
  /// The current token, if it lives: before its end on the wall clock, and on the monotonic one.
  std::optional<SystemToken> current() const;
  /// The peer answered 401 to `token`: if it is still the current one, it is not given out again.
  /// True if it was.
  bool reject(const SystemToken& token);

  /// How long a token without a readable `exp` is believed: the shortest life that Atlassian ever documented
  /// for the function path is unknown, so it is short.
  static constexpr std::chrono::seconds kOpaqueLife{300};
  /// How long the bytes of a rejected token are refused. Not for ever: Forge delivers one token for hours,
  /// and in the minutes after an installation a good one may be answered with 401 (contract 7.1.3).
  static constexpr std::chrono::seconds kRejectedFor{300};

 private:
  struct State;
  InstallationId installation_;
  std::shared_ptr<const Clock> clock_;
  std::shared_ptr<State> state_;
};

/// `exp` of a JWT whose signature is not checked, if it is a whole number of Unix seconds between 2001 and
/// 5138 (so milliseconds are refused). Nothing if the text is not a compact JWT of at most 16 KiB.
std::optional<WallTime> unverified_expiry(std::string_view jwt) noexcept;

}  // namespace tongs
