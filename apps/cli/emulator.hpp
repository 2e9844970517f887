#pragma once
#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "emulator/main.hpp"

namespace tongs::cli {

/// Runs the emulator until it is told to stop, or until its command ends. `remotes`: `KEY=URL`, each the base
/// URL of a remote in place of the one in the manifest.
int run_emulator(emulator::Options options, const std::vector<std::string>& remotes, Terminal& terminal);

}  // namespace tongs::cli
