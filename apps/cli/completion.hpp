#pragma once
#include <string>
#include <string_view>

#include "cli/terminal.hpp"

namespace tongs::cli {

/// What the scripts call: behind it come the words so far, the one to be completed last.
inline constexpr std::string_view kCompletionVerb = "__complete";

/// Prints the script that makes a shell complete the words of tongs. Usage error: an unknown shell.
int run_completion(const std::string& shell, Terminal& terminal);

}  // namespace tongs::cli
