#pragma once
#include <tongs/error.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

/// A failed call: what it means, and what the server said, made safe for a terminal.
void print_error(const Error& error, Terminal& terminal);

/// Refused before anything was sent, rather than by a server.
bool is_usage_error(const Error& error) noexcept;

}  // namespace tongs::cli
