#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>

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
/// answer, or until the token of its user ends. Bounded: the oldest goes first. Thread safety: any.
class Invocations {
 public:
  /// `capacity`: 0: none is kept.
  Invocations(std::size_t capacity, UserTokens user_tokens)
      : shard_capacity_((capacity + kShards - 1) / kShards), user_tokens_(user_tokens) {}

  /// A verified invocation came.
  void note(const VerifiedInvocation& invocation, WallTime now);
  /// It came with these fields: keeps the token of its user, if there is one that may be believed.
  void note_user(const VerifiedInvocation& invocation, const net::Fields& fields, WallTime now);

  struct Known {
    VerifiedInvocation invocation;
    UserTokenPtr user;  ///< null: none came, or it has ended
  };
  std::optional<Known> find(std::string_view id, WallTime now) const;

  /// Atlassian refused this token.
  void reject(std::string_view id, const UserTokenPtr& token);
  /// Its consent was taken back: wipes its users' tokens. Who names an invocation still hears why he is
  /// refused.
  void forget_users(const InstallationId& installation);

 private:
  struct Entry {
    Known known;
    WallTime until;
  };
  using Entries = std::list<Entry>;  ///< oldest first
  struct Shard {
    mutable std::mutex mutex;
    Entries entries;
    std::unordered_map<std::string_view, Entries::iterator> by_id;  ///< views into the invocations
    WallTime next_sweep{};

    Entry& entry(const VerifiedInvocation& invocation, std::string_view id, WallTime now);
    template <class Condition>
    void erase_if(Condition condition);
    void make_room(std::size_t capacity, WallTime now);
  };
  static constexpr std::size_t kShards = 16;
  static std::size_t shard_of(std::string_view id) noexcept {
    return std::hash<std::string_view>{}(id) % kShards;
  }

  const std::size_t shard_capacity_;
  const UserTokens user_tokens_;
  std::array<Shard, kShards> shards_;
};

}  // namespace tongs::gateway
