#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/terminal.hpp"

namespace tongs::cli {

struct ManifestFixOptions {
  std::vector<std::string> files;
  bool dry_run = false;
  std::optional<bool> in_scope_eud = {};
  std::vector<std::string> operations = {};  ///< names of operations
};

/// Mends manifests in place, or shows what it would change.
int run_manifest_fix(const ManifestFixOptions& options, Terminal& terminal);

}  // namespace tongs::cli
