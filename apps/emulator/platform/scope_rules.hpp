#pragma once
#include <optional>
#include <string_view>

#include "emulator/platform/app.hpp"

namespace tongs::emulator {

inline constexpr std::string_view kSystemTokenScope = "read:app-system-token";
inline constexpr std::string_view kUserTokenScope = "read:app-user-token";

/// Why Forge makes no system token for this app, in words for its developer; nothing if it makes one. The
/// scope of the token is needed, and at least one that the token would be good for (contract 3.1.3).
std::optional<std::string_view> system_token_withheld(const App& app) noexcept;
/// The same for the token of a user in session.
std::optional<std::string_view> user_token_withheld(const App& app) noexcept;

}  // namespace tongs::emulator
