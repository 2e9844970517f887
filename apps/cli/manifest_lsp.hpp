#pragma once
#include "cli/terminal.hpp"

namespace tongs::cli {

/// A language server (LSP 3.17) for manifests on standard input and output, until the editor says `exit`.
int run_manifest_lsp(Terminal& terminal);

}  // namespace tongs::cli
