#pragma once
#include <algorithm>
#include <cstddef>
#include <string_view>

namespace tongs::detail {

/// Longest token that we put into a header; common servers take heads of 8 to 64 KiB.
inline constexpr std::size_t kMaxTokenBytes = 16 * 1024;

/// May these bytes stand in a header, and in a field of the egress proxy's grammar (contract 6.1)? They must
/// be visible ASCII without a comma, so that no token can end the one or the other.
inline bool is_sendable_token(std::string_view token) noexcept {
  return !token.empty() && token.size() <= kMaxTokenBytes &&
         std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~' && c != ','; });
}

}  // namespace tongs::detail
