#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
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

/// Values that the option at the end of `words` is known to take; none if it takes any, or is no option.
std::vector<std::string> option_values(const std::vector<std::string>& words);

/// The option for a parameter of the operation that `words` name, if `word` is its name in the API:
/// `--issueIdOrKey`.
std::optional<std::string> option_for(const std::vector<std::string>& words, std::string_view word);

/// `namesake_of` for the operation that `words` name; empty if they name none.
std::string namesake_of(const std::vector<std::string>& words, std::string_view option);

/// `tongs api PRODUCT OPERATION`, if `word` stands where `words` name an operation and is the name of another
/// product's, or the catalog's id of one.
std::optional<std::string> operation_elsewhere(const std::vector<std::string>& words, std::string_view word);

}  // namespace tongs::cli
