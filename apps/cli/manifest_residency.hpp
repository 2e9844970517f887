#pragma once
#include <string>

#include "cli/terminal.hpp"

namespace tongs::cli {

struct ManifestResidencyOptions {
  std::string file;  ///< `-`: standard input
  Format format = Format::human;
};

/// Whether the app can be PINNED. Fine if it can.
int run_manifest_residency(const ManifestResidencyOptions& options, Terminal& terminal);

}  // namespace tongs::cli
