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
  /// Lists of calls, C++ files, or folders with such files, whose scopes are looked at too. Empty: none.
  std::vector<std::string> calls;
};

/// What Forge will say about each manifest. Fine if nothing of severity error was found, and no call lacks a
/// scope.
int run_manifest_check(const ManifestCheckOptions& options, Terminal& terminal);

}  // namespace tongs::cli
