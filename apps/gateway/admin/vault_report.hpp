#pragma once
#include <string>

#include "vault/vault.hpp"

namespace tongs::gateway {

/// How a vault is, as JSON: `{"installations","unsaved","unreadableRows","activeKey","olderKeys","rotating",
/// "failure"}`. Nothing secret is in it.
std::string vault_report(const vault::VaultStatus& status);

}  // namespace tongs::gateway
