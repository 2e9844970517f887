#pragma once
#include <array>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/json.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

/// The claims that say when, in the order of their happening.
inline constexpr std::array<std::string_view, 3> kTimeClaims{"iat", "nbf", "exp"};

/// What they say, in words, each on its line; nothing if there are none.
void print_times(JsonView claims, WallTime now, Terminal& terminal);

}  // namespace tongs::cli
