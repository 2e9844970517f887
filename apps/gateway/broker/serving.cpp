#include "gateway/broker/serving.hpp"

namespace tongs::gateway {

Result<std::shared_ptr<const vault::Installation>> serving(const vault::Vault& vault,
                                                           const InstallationId& installation) {
  auto record = vault.installation(installation);
  if (!record || record->state == vault::InstallationState::uninstalled) {
    return Error(
        Errc::not_found,
        "no such installation: it has not sent a verified invocation yet, or the app was uninstalled there");
  }
  if (record->revoked)
    return Error(Errc::forbidden, "an admin has revoked offline access for this installation");
  if (record->waiting) {
    return Error(Errc::forbidden,
                 "this installation waits for approval: an admin has to authorize its offline access first");
  }
  return record;
}

Result<std::shared_ptr<const vault::Installation>> serving(const vault::Vault& vault,
                                                           const InstallationId& installation,
                                                           const AccountId& account) {
  auto record = serving(vault, installation);
  if (!record) return record;
  const auto consent = vault.user_consent(installation, account);
  if (!consent || !consent->revoked) return record;
  return Error(Errc::forbidden, "an admin has revoked offline access for this user of the installation");
}

}  // namespace tongs::gateway
