#pragma once
#include <tongs/http.hpp>
#include <tongs/json.hpp>
#include <tongs/result.hpp>

namespace tongs::detail {

/// The body of a successful answer. An empty one is JSON `null`. Errors: malformed_response.
Result<JsonDocument> parse_answer(const HttpResponse& answer);

}  // namespace tongs::detail
