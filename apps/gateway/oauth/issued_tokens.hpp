#pragma once
#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>
#include <tongs/token.hpp>

#include "vault/oauth_client.hpp"
#include "vault/records.hpp"

namespace tongs::gateway::oauth {

/// A token that a client was given.
struct IssuedToken {
  std::variant<std::shared_ptr<const vault::Token>, AccessToken> token;
  std::optional<std::string> scope = {};      ///< as the token itself says it; empty: it does not
  std::vector<std::string> revoked_for = {};  ///< clients that gave it back

  const AccountId* account() const noexcept;  ///< null: it is the app's own
  WallTime expires_at() const noexcept;
  std::string_view reveal() const noexcept;
  bool is_revoked_for(std::string_view client) const noexcept;
};

/// The tokens that were given out and live, found by installation and bytes together: nobody can ask about a
/// token of another installation, because under his own it is not there. Bounded: what has ended goes first,
/// then what nobody revoked. Thread safety: none.
class IssuedTokens {
 public:
  /// `capacity`: above it, room is made; revoked tokens are kept to their end all the same.
  explicit IssuedTokens(std::size_t capacity = 100'000) : capacity_(capacity) {}

  /// The entry of a token that is about to be given out. Valid until the next call.
  IssuedToken& note(const InstallationId& installation,
                    std::variant<std::shared_ptr<const vault::Token>, AccessToken> token, WallTime now);
  /// Null: this installation was given no such token, or it has ended. Valid until the next call.
  IssuedToken* find(const InstallationId& installation, std::string_view token, WallTime now);
  /// Whose such a token is, whoever shows it. Nothing: nobody was given it, two installations were, it has
  /// ended, or a client gave it back. Valid until the next call.
  struct Holder {
    const InstallationId& installation;
    const IssuedToken& issued;
  };
  std::optional<Holder> holder_of(std::string_view token, WallTime now) const;
  /// The installation, or one of its users, has taken the consent back. The tokens are forgotten, and not yet
  /// that they were given.
  void forget(const InstallationId& installation);
  void forget(const InstallationId& installation, const AccountId& user);
  /// Whose a token was that has been forgotten so, until its end.
  struct Former {
    InstallationId installation;
    std::optional<AccountId> account;  ///< none: it was the app's own
    WallTime expires_at;
  };
  std::optional<Former> former_holder_of(std::string_view token, WallTime now) const;
  std::size_t size() const noexcept { return tokens_.size(); }

 private:
  struct HashOf {
    std::size_t operator()(const vault::SecretDigest& digest) const noexcept {
      std::size_t bits = 0;
      std::memcpy(&bits, digest.data(), sizeof bits);
      return bits;
    }
  };
  struct Entry {
    InstallationId installation;
    IssuedToken issued;
    vault::SecretDigest bytes;  ///< of the token alone
  };
  using Tokens = std::unordered_map<vault::SecretDigest, Entry, HashOf>;
  static vault::SecretDigest key_of(const InstallationId& installation, std::string_view token);
  void make_room(WallTime now);
  Tokens::iterator erase(Tokens::iterator entry);
  template <class Condition>
  void erase_if(Condition condition);
  template <class Condition>
  void take_back_if(Condition condition);

  const std::size_t capacity_;
  WallTime next_sweep_{};
  Tokens tokens_;
  std::unordered_multimap<vault::SecretDigest, vault::SecretDigest, HashOf> by_bytes_;  ///< to their keys
  std::unordered_map<vault::SecretDigest, Former, HashOf> former_;                      ///< by their bytes
};

}  // namespace tongs::gateway::oauth
