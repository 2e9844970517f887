#pragma once
#include <functional>

#include "cli/manifest_check.hpp"
#include "cli/manifest_diff.hpp"
#include "cli/manifest_explain.hpp"
#include "cli/manifest_fix.hpp"
#include "cli/manifest_residency.hpp"

namespace CLI {
class App;
}

namespace tongs::cli {

/// The options of `tongs manifest`.
struct ManifestVerbs {
  ManifestCheckOptions check;
  ManifestExplainOptions explain;
  ManifestFixOptions fix;
  ManifestResidencyOptions residency;
  ManifestDiffOptions diff;
  bool stdio = false;  ///< of lsp: what editors say, though it is always so
};

/// Adds `tongs manifest` with its verbs. The chosen one sets `run`.
void add_manifest_verbs(CLI::App& tongs, ManifestVerbs& options, std::function<int(Terminal&)>& run);

}  // namespace tongs::cli
