#pragma once
#include <string>
#include <string_view>
#include <variant>

#include "emulator/platform/directory.hpp"
#include "emulator/platform/token_mint.hpp"

namespace tongs::emulator {

/// Who calls one of the platform's APIs, proven by a bearer token.
struct Caller {
  TokenGrant grant;
  const Installation* installation = nullptr;
  const Site* site = nullptr;
  const User* user = nullptr;  ///< never null: every token's account is a user of the site

  bool has_scope(std::string_view scope) const noexcept;
};

/// Why a bearer token is not accepted, in words for the log: callers learn no more than 401.
struct BearerRefusal {
  std::string_view reason;
};

/// Checks an `Authorization` header: the scheme, the token and its life, that the installation it came from
/// is still there, and who it stands for.
std::variant<Caller, BearerRefusal> authenticate(std::string_view authorization, const TokenMint& mint,
                                                 const Directory& directory, PlatformTime now);

}  // namespace tongs::emulator
