#pragma once
#include <string>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/error.hpp>
#include <tongs/ids.hpp>

namespace tongs::cli {

/// A FIT that was refused, and by what it was judged.
struct RefusedFit {
  Errc why;
  std::string_view token;
  const AppId& app;
  std::string_view jwks;  ///< URL or file
  WallTime at;
  bool at_was_chosen = false;  ///< by --at, so that no clock is to blame
};

/// What to do about it, guessed from what the token says of itself and from its look. One sentence.
std::string hint_for(const RefusedFit& fit);

}  // namespace tongs::cli
