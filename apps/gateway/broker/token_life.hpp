#pragma once
#include <algorithm>
#include <chrono>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/installation.hpp>

namespace tongs::gateway {

/// Until when a token that came at `now` is believed: as it says itself, but no longer than Forge lets any
/// live (contract 3.2).
inline WallTime end_of_token(std::string_view token, WallTime now) noexcept {
  constexpr std::chrono::hours longest{4};
  return std::min<WallTime>(unverified_expiry(token).value_or(now + InstallationCredentials::kOpaqueLife),
                            now + longest);
}

}  // namespace tongs::gateway
