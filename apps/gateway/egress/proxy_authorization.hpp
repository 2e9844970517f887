#pragma once
#include <optional>
#include <string>
#include <string_view>

#include <tongs/ids.hpp>
#include <tongs/result.hpp>
#include <tongs/secret.hpp>

namespace tongs::gateway {

/// What a caller of the egress asks to be: the value of `forge-proxy-authorization`.
///
///     "Forge " field *( "," field )          contract 6.1.3
///     field = "as=" ("app" | "user") | "installationId=" uuid | "accountId=" id | "id=" invocation id
///           | "token=" system token           the seed's own addition, contract 6.2.2
struct ProxyAuthorization {
  bool as_user = false;
  std::optional<InstallationId> installation;
  std::optional<AccountId> account;
  std::string invocation_id;
  Secret token;

  /// Fields in any order, each at most once, nothing unknown: a misspelt field must not become another
  /// identity. Errors: invalid_argument, with what is wrong and the form that is right.
  static Result<ProxyAuthorization> parse(std::string_view value);
};

}  // namespace tongs::gateway
