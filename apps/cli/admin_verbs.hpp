#pragma once
#include <functional>

#include "cli/audit.hpp"
#include "cli/consent.hpp"
#include "cli/terminal.hpp"
#include "cli/vault.hpp"

namespace CLI {
class App;
}

namespace tongs::cli {

/// The options of the verbs for administrators.
struct AdminVerbs {
  ConsentOptions consent;
  AuditShowOptions audit_show;
  AuditVerifyOptions audit_verify;
  VaultCommand vault;
};

/// Adds `consent`, `audit` and `vault`; the one that the command line chooses puts itself into `run`.
/// Everything must outlive `tongs`.
void add_admin_verbs(CLI::App& tongs, AdminVerbs& options, std::function<int(Terminal&)>& run);

}  // namespace tongs::cli
