#include "cli/emulator.hpp"

#include <ostream>

#include "cli/exit_status.hpp"

namespace tongs::cli {

int run_emulator(emulator::Options options, const std::vector<std::string>& remotes, Terminal& terminal) {
  for (const auto& remote : remotes) {
    const auto equals = remote.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == remote.size()) {
      terminal.err() << "tongs: --remote: write KEY=URL, such as backend=http://127.0.0.1:9000\n";
      return kUsage;
    }
    options.remotes.emplace_back(remote.substr(0, equals), remote.substr(equals + 1));
  }
  return emulator::main(options);
}

}  // namespace tongs::cli
