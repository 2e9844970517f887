#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/fit.hpp>
#include <tongs/secret.hpp>

#include "common/net/head.hpp"

namespace tongs::gateway {

/// Which user tokens (`x-forge-oauth-user`) are believed. Behind a UI module may be a browser, whose script
/// chooses headers, and nothing in an invocation tells its call from one of Forge's (contract 1.1, 1.3.4).
enum class UserTokens : std::uint8_t {
  off,     ///< none
  proven,  ///< what names the invoking user as its subject: forged, it is no token any more
  any      ///< also what does not say whose it is, unless a browser sent it
};

/// The token of a user who invoked the app.
struct UserToken {
  AccountId account;
  Secret secret;
  WallTime expires_at;
};
using UserTokenPtr = std::shared_ptr<const UserToken>;

/// The user token among `fields`, if it may be believed to be of the user who invoked; else empty.
std::string_view believable_user_token(const FitClaims& claims, const net::Fields& fields, UserTokens which);

/// May stand in `forge-proxy-authorization` (contract 6.1.3) as the id of an invocation: the `jti` of its
/// token. Empty: it has none.
std::string_view id_of(const FitClaims& claims) noexcept;

/// Invocations that the backend may still be at work on, by their id: each for as long as Forge waits for an
/// answer, or until the token of its user ends. Bounded: one that comes takes the place of the oldest of some
/// neighbours, and its memory. Thread safety: any.
class Invocations {
 public:
  /// `capacity`: 0: none is kept.
  Invocations(std::size_t capacity, UserTokens user_tokens);
  ~Invocations();

  /// A verified invocation came.
  void note(const VerifiedInvocation& invocation, WallTime now);
  /// It came with these fields: keeps the token of its user, if there is one that may be believed.
  void note_user(const VerifiedInvocation& invocation, const net::Fields& fields, WallTime now);

  struct Known {
    InstallationId installation;
    std::optional<AccountId> account;
    std::string claims_json;  ///< as they were signed
    UserTokenPtr user;        ///< null: none came, or it has ended
  };
  std::optional<Known> find(std::string_view id, WallTime now) const;

  /// Atlassian refused this token.
  void reject(std::string_view id, const UserTokenPtr& token);
  /// Its consent was taken back: wipes its users' tokens. Who names an invocation still hears why he is
  /// refused.
  void forget_users(const InstallationId& installation);
  void forget_user(const InstallationId& installation, const AccountId& account);

 private:
  struct Entry;
  class Shard;
  Shard& shard_of(std::size_t hash) const noexcept;
  /// Forgets the user's token of each invocation for which `condition(known)` is true.
  template <class Condition>
  void forget_users_if(Condition condition);

  const std::size_t shard_capacity_;
  const UserTokens user_tokens_;
  const std::unique_ptr<Shard[]> shards_;
};

}  // namespace tongs::gateway
