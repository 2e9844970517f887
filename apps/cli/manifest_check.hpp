#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <tongs/manifest/check.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

enum class ReportFormat : std::uint8_t { human, json, sarif, github };

struct ManifestCheckOptions {
  std::vector<std::string> files;  ///< `-`: standard input; a folder: every manifest.yml in it
  ReportFormat format = ReportFormat::human;
  manifest::Selection selection;
};

/// What Forge will say about each manifest. Fine if nothing of severity error was found.
int run_manifest_check(const ManifestCheckOptions& options, Terminal& terminal);

}  // namespace tongs::cli
