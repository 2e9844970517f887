#pragma once
#include <string>
#include <string_view>

#include <tongs/manifest/manifest.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

/// The line of `text` at that position with a caret below the spot, ready to print; empty if there is no such
/// line. A line that is too long for the terminal is cut around the spot.
std::string excerpt(std::string_view text, const manifest::Position& at, const Terminal& terminal);

}  // namespace tongs::cli
