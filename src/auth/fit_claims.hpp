#pragma once
#include <tongs/fit.hpp>
#include <tongs/json.hpp>
#include <tongs/result.hpp>

namespace tongs::detail {

/// Reads the claims that Forge documents (contract 2.2, 2.3) out of a FIT's payload: form only, nothing is
/// compared with an expectation or a clock.
///
/// Required: `iat`, `nbf`, `exp` (whole Unix seconds up to the year 9999), `jti`, `app.id` and one of
/// `app.installationId` and `app.installation.id`, which agree if both are there. Everything else may be
/// absent or of a form that we do not know, and is then empty, but for `principal`: a token whose user cannot
/// be read is refused, lest it pass for one without a user. No text has a control character, so that each can
/// stand in a header. Errors: token_malformed.
Result<FitClaims> read_fit_claims(JsonView payload);

}  // namespace tongs::detail
