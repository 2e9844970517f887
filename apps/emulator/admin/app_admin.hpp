#pragma once
#include "emulator/admin/step.hpp"

namespace tongs::emulator {

/// The versions of the app, and who runs which.
AdminStep get_app(AdminCall& call);
/// Deploys the manifest that is the body, as YAML.
AdminStep post_app(AdminCall& call);
/// The consent of an installation's admin to the newest version.
AdminStep post_upgrade(AdminCall& call);

}  // namespace tongs::emulator
