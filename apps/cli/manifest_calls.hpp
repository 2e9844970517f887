#pragma once
#include <string>
#include <vector>

#include "cli/terminal.hpp"

namespace tongs::cli {

struct ManifestCallsOptions {
  /// Lists of calls, C++ files, or folders with such files. Empty: nothing is to be compared.
  std::vector<std::string> calls;
  std::vector<std::string> manifests;
  Format format = Format::human;
};

/// Which scopes the manifests lack for these calls, and which they declare for none. Findings if one is
/// lacking.
int run_manifest_calls(const ManifestCallsOptions& options, Terminal& terminal);

}  // namespace tongs::cli
