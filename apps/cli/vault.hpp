#pragma once
#include <cstdint>
#include <string>

#include "cli/admin_client.hpp"
#include "cli/terminal.hpp"

namespace tongs::cli {

struct VaultCommand {
  enum class Action : std::uint8_t { init, status, export_all, import_all, rotate_key, backup };
  Action action = Action::status;
  std::string vault = "tongs.db";
  std::string key_file = "vault.key";  ///< unless TONGS_VAULT_KEYS has the keys
  std::string file;  ///< to export to, to import from, to back up to; empty or `-`: standard streams
  bool reveal_secrets = false;
  bool merge = false;
  AdminOptions admin;
  Format format = Format::human;
};

/// Works on the vault's file, or, where that can be, through the gateway that has it open.
int run_vault(const VaultCommand& command, Terminal& terminal);

}  // namespace tongs::cli
