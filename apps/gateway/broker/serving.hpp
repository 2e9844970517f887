#pragma once
#include <tongs/ids.hpp>
#include <tongs/result.hpp>

#include "vault/vault.hpp"

namespace tongs::gateway {

/// The installation, if its tokens may be given out.
/// Errors: not_found (no such installation, or uninstalled), forbidden (an admin took the consent back, or
/// has not given it yet).
Result<std::shared_ptr<const vault::Installation>> serving(const vault::Vault& vault,
                                                           const InstallationId& installation);
/// The same for one of its users. Errors: also forbidden (the consent to act for him was revoked).
Result<std::shared_ptr<const vault::Installation>> serving(const vault::Vault& vault,
                                                           const InstallationId& installation,
                                                           const AccountId& account);

}  // namespace tongs::gateway
