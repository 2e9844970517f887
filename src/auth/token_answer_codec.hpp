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

}  // namespace tongs::detail
