#pragma once
#include <string>

#include "cli/terminal.hpp"

namespace tongs::cli {

struct ManifestExplainOptions {
  std::string rule;
  bool list = false;  ///< name all rules instead
  bool page = false;  ///< print docs/rules.md instead
};

/// What a rule of check, residency or diff says.
int run_manifest_explain(const ManifestExplainOptions& options, Terminal& terminal);

}  // namespace tongs::cli
