#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <tongs/operation.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

struct ApiOptions {
  std::string product;  ///< as `tongs api` names it
  std::optional<Operation> operation;
  /// Values of parameters, by their option.
  std::map<std::string, std::vector<std::string>> values;
  std::vector<std::string> query;  ///< more pairs, `name=value`
  std::string body;                ///< file, or `-` for standard input; empty: none
  std::vector<std::string> files;  ///< to be uploaded
  std::vector<std::string> form;   ///< fields beside them, `name=value`
  std::string content_type;        ///< of a body of bytes
  std::string output;              ///< where a download goes; empty or `-`: standard output
  bool all = false;                ///< every page
  std::string record;              ///< list that the call is added to; empty: none
  std::string as = "app";          ///< `app`, `user` or an account id
  std::string proxy_url;           ///< the egress of the gateway
  std::string api_base_url;        ///< instead of it: the API itself, with the token of `api_token`
  std::string token_url;           ///< OAuth token endpoint that gives one; empty: the environment has it
  std::string installation;        ///< ARI or bare UUID
  std::string invocation;          ///< id of the invocation whose user `--as user` means
  Format format = Format::human;
};

/// Calls an operation through the gateway's egress, or past it with a token, and prints the answer. Failure
/// if the product refuses: the command line was fine, and a script must not go on.
int run_api(const ApiOptions& options, Terminal& terminal);

}  // namespace tongs::cli
