#pragma once
#include <chrono>
#include <optional>

#include <tongs/clock.hpp>
#include <tongs/http.hpp>

namespace tongs::detail {

/// How long an answer asks its caller to wait: `Retry-After`, else for a 429 `X-RateLimit-Reset` (ISO 8601,
/// Unix seconds, or seconds from now), else the longest `t` among the spent quotas (`r=0`) of `RateLimit`
/// (contract 7.4.2, 7.4.6). `Beta-…` copies announce limits that are not enforced yet and are passed over.
std::optional<std::chrono::milliseconds> asked_wait(const HttpResponse& response, WallTime now);

}  // namespace tongs::detail
