#pragma once
#include <chrono>
#include <optional>
#include <string>

#include <tongs/clock.hpp>
#include <tongs/http.hpp>
#include <tongs/jwks.hpp>
#include <tongs/result.hpp>

#include "jose/jwks.hpp"

namespace tongs::detail {

/// Asks `url` for its key set.
HttpRequest jwks_request(std::string url);

struct JwksAnswer {
  jose::KeySet keys;
  std::optional<std::chrono::seconds> max_age;  ///< of `Cache-Control` (RFC 9111 5.2.2.1)
};

/// What the peer answered. Only a 200 brings keys: a redirect would let its target choose them.
/// Errors: malformed_response (the body, see `parse_jwks`), for any other status that of
/// `error_from_response`.
Result<JwksAnswer> read_jwks_answer(const HttpResponse& response, const JwksPolicy& policy, WallTime now);

}  // namespace tongs::detail
