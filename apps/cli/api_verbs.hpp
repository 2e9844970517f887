#pragma once
#include <functional>
#include <string>
#include <vector>

#include "cli/api.hpp"
#include "cli/terminal.hpp"

namespace CLI {
class App;
}

namespace tongs::cli {

/// Adds `api`. Of the operations, more than a thousand, only the one that `words` name is added, with its
/// options: those words are the command line behind the program's name.
void add_api_verbs(CLI::App& tongs, const std::vector<std::string>& words, ApiOptions& options,
                   std::function<int(Terminal&)>& run);

/// Names of operations, if `words` go as far as a product and no further; for what may have been meant.
std::vector<std::string> operation_names(const std::vector<std::string>& words);

}  // namespace tongs::cli
