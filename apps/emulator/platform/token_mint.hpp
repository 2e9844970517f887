#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tongs/secret.hpp>

#include "emulator/base/random.hpp"
#include "emulator/base/time.hpp"
#include "emulator/platform/behaviour.hpp"
#include "emulator/platform/installation.hpp"

namespace tongs::emulator {

enum class TokenKind : std::uint8_t { system, user, offline };
std::string_view to_string(TokenKind kind) noexcept;

/// Whom a token stands for, and what it may be used for.
struct TokenGrant {
  TokenKind kind = TokenKind::system;
  std::string installation;  ///< ARI
  std::string cloud_id;
  std::string account;  ///< the app's user, or the user acted for
  std::vector<std::string> scopes;
  PlatformTime expires_at{};
  std::string fingerprint = {};  ///< names the token in the log without being it
};

struct MintedToken {
  Secret token;
  TokenGrant grant;
  bool reused = false;
};

/// How much life a delivery demands of a token.
enum class TokenFreshness : std::uint8_t {
  guaranteed,  ///< straight from the platform: at least the promised minimum (contract 3.2)
  whatever,    ///< through a function: no promise
  stale,       ///< on request: one that ends sooner than what was delivered before
};

/// Makes the tokens of the platform and recognises them again. They are JWTs, signed with one secret (HS256):
/// to everybody else opaque but for `exp` (contract 3.2.1). Like Forge it hands out the same token again
/// while enough of it is left. Thread safety: none.
class TokenMint {
 public:
  explicit TokenMint(Secret key) : key_(std::move(key)) {}

  /// `grant` says everything but the end, which `freshness` and `behaviour` decide.
  MintedToken mint(TokenGrant grant, TokenFreshness freshness, const Behaviour& behaviour, Random& random,
                   PlatformTime now);
  /// Never cached here: each request makes a new one.
  MintedToken mint_offline(TokenGrant grant, const Behaviour& behaviour, Random& random, PlatformTime now);

  enum class Refusal : std::uint8_t { not_ours, expired };
  /// A token with just this end, however short its life. Never cached.
  MintedToken mint_until(TokenGrant grant, PlatformTime end, Random& random, PlatformTime now) const {
    return make(std::move(grant), end, random, now);
  }

  /// Is it a token of this mint that lives?
  std::variant<TokenGrant, Refusal> recognise(std::string_view token, PlatformTime now) const;

  /// Forgets what was handed out to an installation, so that nothing of it is reused.
  void forget(std::string_view installation);
  const Secret& key() const noexcept { return key_; }

 private:
  struct Cached {
    Secret token;
    TokenGrant grant;
  };
  MintedToken make(TokenGrant grant, PlatformTime expires_at, Random& random, PlatformTime now) const;

  Secret key_;
  /// By installation, kind and account.
  std::map<std::string, Cached, std::less<>> cache_;
};

/// `sha256:` and the first 12 hexadecimal digits of the token's digest.
std::string fingerprint_of(std::string_view token);

}  // namespace tongs::emulator
