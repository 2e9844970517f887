#pragma once
#include <cstdint>
#include <string>

#include "cli/admin_client.hpp"
#include "cli/terminal.hpp"

namespace tongs::cli {

struct ConsentOptions {
  enum class Action : std::uint8_t { list, authorize, revoke };
  Action action = Action::list;
  std::string installation;  ///< empty: all, with `list`
  std::string user;          ///< empty: the installation itself
  AdminOptions admin;
  Format format = Format::human;
};

/// Shows, gives or takes back the consent to offline access, through a running gateway.
int run_consent(const ConsentOptions& options, Terminal& terminal);

}  // namespace tongs::cli
