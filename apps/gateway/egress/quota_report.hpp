#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <tongs/clock.hpp>

#include "common/net/head.hpp"

namespace tongs::gateway {

/// Which limit was met, as `RateLimit-Reason` says it (contract 7.4.2).
enum class LimitReason : std::uint8_t { unstated, global_quota, tenant_quota, burst, writes, other };
inline constexpr std::size_t kLimitReasons = 6;
/// As metrics name it.
std::string_view to_string(LimitReason reason) noexcept;

/// What the rate-limit headers of one family say.
struct Quota {
  std::optional<double> left;  ///< the smallest share of a quota that is left, 0 … 1
  bool near_limit = false;
};

/// What an answer of Atlassian says of rate limits: the families `X-RateLimit-…` and `RateLimit`, and their
/// `Beta-` copies, which announce limits that are not enforced yet (contract 7.4.2).
struct QuotaReport {
  Quota now, announced;
  LimitReason reason = LimitReason::unstated;
  std::optional<std::chrono::milliseconds> wait;  ///< that a 429 or 503 asks for

  static QuotaReport of(const net::ResponseHead& answer, WallTime now);
};

}  // namespace tongs::gateway
