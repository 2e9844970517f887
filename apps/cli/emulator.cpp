#include "cli/emulator.hpp"

#include <ostream>

#include "cli/exit_status.hpp"
#include "http/host.hpp"

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
  for (const auto& host : options.hosts) {
    if (!detail::canonical_host(host)) {
      terminal.err() << "tongs: --host: write a name or an address, without scheme and port\n";
      return kUsage;
    }
  }
  return emulator::main(options);
}

}  // namespace tongs::cli
