#pragma once
#include <string>
#include <vector>

#include "cli/terminal.hpp"

namespace tongs::cli {

struct ManifestCheckOptions {
  std::vector<std::string> files;  ///< `-`: standard input
  Format format = Format::human;
};

/// What Forge will say about each manifest. Fine if nothing of severity error was found.
int run_manifest_check(const ManifestCheckOptions& options, Terminal& terminal);

}  // namespace tongs::cli
