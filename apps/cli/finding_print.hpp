#pragma once
#include <iosfwd>
#include <span>
#include <string_view>

#include <tongs/manifest/check.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

/// `file:line:col: error: message [rule] (official code)`, the line and a caret, for the first 200 findings.
void print_findings(std::ostream& out, std::string_view file, std::string_view text,
                    std::span<const manifest::Finding> findings, const Terminal& terminal);

}  // namespace tongs::cli
