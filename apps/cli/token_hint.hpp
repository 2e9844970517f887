#pragma once
#include <string>

#include <tongs/clock.hpp>
#include <tongs/error.hpp>
#include <tongs/ids.hpp>
#include <tongs/json.hpp>

namespace tongs::cli {

/// As of when a FIT was judged.
struct JudgedAt {
  WallTime time;
  bool chosen = false;  ///< by --at, so that no clock is to blame
};

/// What to do about a FIT that was refused, guessed from what it says of itself. `claims` may be missing.
std::string hint_for(Errc refusal, JsonView claims, const AppId& app, const JudgedAt& at);

}  // namespace tongs::cli
