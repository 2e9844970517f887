#include "vault/oauth_client.hpp"

namespace tongs::vault {

OAuthClient OAuthClient::duplicate() const {
  OAuthClient copy{.id = id,
                   .installation = installation,
                   .name = name,
                   .jwks = jwks,
                   .certificate = certificate,
                   .allow_from = allow_from,
                   .created_at = created_at};
  for (const ClientSecret& secret : secrets) {
    copy.secrets.push_back({.digest = secret.digest,
                            .created_at = secret.created_at,
                            .ends_at = secret.ends_at,
                            .shared = secret.shared.duplicate()});
  }
  return copy;
}

}  // namespace tongs::vault
