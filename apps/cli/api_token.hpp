#pragma once
#include <tongs/http.hpp>
#include <tongs/result.hpp>
#include <tongs/secret.hpp>

#include "cli/api.hpp"

namespace tongs::cli {

/// The access token of a call that does not go through the egress: that of the variable TONGS_API_TOKEN, or
/// what `token_url` gives to the client of TONGS_CLIENT_ID and TONGS_CLIENT_SECRET for `as` (RFC 6749 4.4;
/// for an account, RFC 8693). Errors: invalid_argument (a variable is missing; no such URL or account); as
/// the token endpoint refuses.
Result<Secret> api_token(const ApiOptions& options, const Transport& transport);

}  // namespace tongs::cli
