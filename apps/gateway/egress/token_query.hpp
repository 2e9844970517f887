#pragma once
#include <map>
#include <string>
#include <vector>

#include <tongs/ids.hpp>
#include <tongs/result.hpp>
#include <tongs/token.hpp>

#include "common/net/response.hpp"

namespace tongs::gateway {

/// The seed's GraphQL query `offlineUserAuthToken(userID) { accessToken expiry }` (contract 6.2.2), read and
/// answered in two steps, between which the tokens are fetched.
class TokenQuery {
 public:
  /// `body`: what was posted. Errors: invalid_argument (not a GraphQL request).
  static Result<TokenQuery> parse(std::string_view body);

  /// Whose tokens are asked for; ids that are none are left out, and refused in `answer`.
  const std::vector<AccountId>& accounts() const noexcept { return accounts_; }

  /// The answer, with each account's token or the reason why there is none. Errors of the query itself too.
  net::Response answer(const std::map<AccountId, Result<AccessToken>>& tokens) const;

 private:
  std::string body_;
  std::vector<AccountId> accounts_;
};

}  // namespace tongs::gateway
