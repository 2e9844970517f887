#pragma once
#include <functional>

#include "cli/client.hpp"
#include "cli/terminal.hpp"

namespace CLI {
class App;
}

namespace tongs::cli {

/// Adds `client`; if the command line chooses one of its verbs, that puts itself into `run`. Everything must
/// outlive `tongs`.
void add_client_verbs(CLI::App& tongs, ClientOptions& options, std::function<int(Terminal&)>& run);

}  // namespace tongs::cli
