#pragma once
#include <string>
#include <utility>
#include <vector>

#include "cli/api_catalogue.hpp"
#include "cli/terminal.hpp"

namespace tongs::cli {

struct ApiOptions {
  const ApiOperation* operation = nullptr;
  /// Values of parameters, by their option.
  std::vector<std::pair<std::string, std::string>> values;
  std::string body;          ///< file, or `-` for standard input; empty: none
  std::string as = "app";    ///< `app`, `user` or an account id
  std::string proxy_url;     ///< the egress of the gateway
  std::string installation;  ///< ARI or bare UUID
  std::string invocation;    ///< id of the invocation whose user `--as user` means
  Format format = Format::human;
};

/// Calls an operation through the gateway's egress and prints the answer. Failure if the product refuses: the
/// command line was fine, and a script must not go on.
int run_api(const ApiOptions& options, Terminal& terminal);

}  // namespace tongs::cli
