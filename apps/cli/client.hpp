#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/admin_client.hpp"
#include "cli/terminal.hpp"

namespace tongs::cli {

/// What the command line says of OAuth clients and of the gateway that keeps them.
struct ClientOptions {
  AdminOptions admin;
  std::string installation;
  std::string client;  ///< its id
  std::string name;
  std::optional<std::int64_t> expires_in_days;
  std::vector<std::string> allow_from;
  std::string jwks;  ///< a file
  std::string certificate;
  bool connect = false;
  std::optional<std::int64_t> overlap_seconds;
  Format format = Format::human;
};

int run_client_create(const ClientOptions& options, Terminal& terminal);
int run_client_list(const ClientOptions& options, Terminal& terminal);
int run_client_rotate(const ClientOptions& options, Terminal& terminal);
int run_client_delete(const ClientOptions& options, Terminal& terminal);

}  // namespace tongs::cli
