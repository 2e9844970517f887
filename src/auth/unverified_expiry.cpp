#include <tongs/installation.hpp>

#include "auth/unverified_claims.hpp"

namespace tongs {

namespace {

constexpr WallTime kEarliest{std::chrono::seconds(1'000'000'000)};
constexpr WallTime kLatest{std::chrono::seconds(100'000'000'000)};

}  // namespace

std::optional<WallTime> unverified_expiry(std::string_view jwt) noexcept {
  const auto claims = detail::unverified_claims(jwt);
  if (!claims) return std::nullopt;
  const auto seconds = (*claims)["exp"].integer();
  if (!seconds) return std::nullopt;
  const WallTime end{std::chrono::seconds(*seconds)};
  if (end < kEarliest || end > kLatest) return std::nullopt;
  return end;
}

}  // namespace tongs
