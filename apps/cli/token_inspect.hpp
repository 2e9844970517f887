#pragma once
#include <string>

#include <tongs/clock.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

struct TokenInspectOptions {
  std::string token;  ///< empty or `-`: standard input
  Format format = Format::human;
};

/// Shows what a token says of itself. Verifies nothing, and says so. Never prints the token.
int run_token_inspect(const TokenInspectOptions& options, WallTime now, Terminal& terminal);

}  // namespace tongs::cli
