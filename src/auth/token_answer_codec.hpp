#pragma once
#include <tongs/clock.hpp>
#include <tongs/http.hpp>
#include <tongs/result.hpp>
#include <tongs/token.hpp>

namespace tongs::detail {

/// What a token endpoint answered. The body is wiped, and every copy of it that was made to read it.
/// `now`: for a `Retry-After` that is a date.
/// Errors: by HTTP status as `error_from_response`; for a GraphQL refusal by its `extensions.statusCode`, and
/// without one forbidden (`success: false`) or unavailable (`errors` of the whole operation);
/// malformed_response. The peer's words are in the RemoteDetail.

/// The documented mutation: `authToken { token ttl }` (contract 4.2.5, 4.2.8).
Result<FetchedToken> decode_direct_answer(HttpResponse response, WallTime now);

/// The seed's query: `accessToken expiry`, Unix seconds (contract 6.2.1).
Result<FetchedToken> decode_proxy_answer(HttpResponse response, WallTime now);

/// The answer of an OAuth token endpoint (RFC 6749 5.1, 5.2): `access_token`, `token_type` Bearer and
/// `expires_in`; without that a token ends when it says itself, or soon (contract 3.2.2). Errors: a refusal
/// by its `error`: rejected (invalid_client), forbidden (unauthorized_client, access_denied), unavailable
/// (temporarily_unavailable, server_error), invalid_argument (what else has a name); without one by HTTP
/// status; malformed_response.
Result<FetchedToken> decode_oauth_answer(HttpResponse response, WallTime now);

}  // namespace tongs::detail
