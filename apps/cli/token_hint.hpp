#pragma once
#include <string>

#include <tongs/clock.hpp>
#include <tongs/error.hpp>
#include <tongs/ids.hpp>
#include <tongs/json.hpp>

namespace tongs::cli {

/// What to do about a FIT that was refused, guessed from what it says of itself. `claims` may be missing.
std::string hint_for(Errc refusal, JsonView claims, const AppId& app, WallTime now);

}  // namespace tongs::cli
