#include "emulator/platform/bearer.hpp"

#include <algorithm>
#include <utility>

#include "http/ascii.hpp"

namespace tongs::emulator {

namespace {

/// The credentials after `Bearer `, whose case does not matter (RFC 9110 11.1).
std::string_view bearer_token(std::string_view authorization) noexcept {
  constexpr std::string_view scheme = "bearer ";
  const bool is_bearer = detail::to_lower(authorization.substr(0, scheme.size())) == scheme;
  return is_bearer ? authorization.substr(scheme.size()) : std::string_view();
}

}  // namespace

bool Caller::has_scope(std::string_view scope) const noexcept {
  return std::find(grant.scopes.begin(), grant.scopes.end(), scope) != grant.scopes.end();
}

std::variant<Caller, BearerRefusal> authenticate(std::string_view authorization, const TokenMint& mint,
                                                 const Directory& directory, PlatformTime now) {
  if (authorization.empty()) return BearerRefusal{"there is no authorization header"};
  const std::string_view token = bearer_token(authorization);
  if (token.empty()) return BearerRefusal{"the authorization header is not Bearer and a token"};
  auto recognised = mint.recognise(token, now);
  if (const auto* refusal = std::get_if<TokenMint::Refusal>(&recognised)) {
    return *refusal == TokenMint::Refusal::expired ? BearerRefusal{"the token has expired"}
                                                   : BearerRefusal{"the token was not issued here"};
  }
  Caller caller{.grant = std::get<TokenGrant>(std::move(recognised))};
  caller.installation = directory.find(caller.grant.installation);
  if (caller.installation == nullptr || !caller.installation->active()) {
    return BearerRefusal{"the app was uninstalled, which ends its tokens"};
  }
  caller.site = directory.find_cloud(caller.installation->cloud_id);
  caller.user = caller.site->find_user(caller.grant.account);
  if (caller.user == nullptr) return BearerRefusal{"the token's user is gone"};
  return caller;
}

}  // namespace tongs::emulator
