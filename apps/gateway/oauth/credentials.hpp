#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>
#include <tongs/result.hpp>
#include <tongs/secret.hpp>

#include "vault/oauth_client.hpp"

namespace tongs::gateway::oauth {

/// What an administrator may say of a new client.
struct ClientWishes {
  std::string name = {};                       ///< at most 100 characters
  std::optional<std::chrono::days> life = {};  ///< of its secret; empty: until it is replaced
  std::vector<std::string> allow_from = {};    ///< see `check_origins`; none: any
  std::string jwks = {};                       ///< its public keys: it gets no secret
  std::string certificate = {};  ///< the name of its certificate, see `certificate_name`: it gets no secret
  bool connect = false;  ///< it signs with its secret, so the secret itself is kept and not only its digest
};

/// A client and its secret, which is nowhere else: whoever asked for it gets it now or never.
struct NewClient {
  vault::OAuthClient record;
  Secret secret;  ///< empty for a client with keys or a certificate
};

/// Errors: invalid_argument (a wish that cannot be), internal (no random numbers).
Result<NewClient> make_client(const InstallationId& installation, ClientWishes wishes, WallTime now);

/// Gives `client` a new secret; the one of before ends at `now` + `overlap` (or earlier, if it would have),
/// one from before that at once. Errors: conflict (it has keys or a certificate), internal (no random
/// numbers).
Result<Secret> rotate_secret(vault::OAuthClient& client, std::chrono::seconds overlap,
                             std::optional<std::chrono::days> life, WallTime now);

/// Is this text a secret of `client` (null: of nobody)? Takes the same time for every answer.
bool is_secret_of(const vault::OAuthClient* client, std::string_view text, WallTime now) noexcept;

}  // namespace tongs::gateway::oauth
