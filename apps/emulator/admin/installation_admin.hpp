#pragma once
#include "emulator/admin/step.hpp"

namespace tongs::emulator {

/// The answer to a request about one that there is not.
HttpResponse no_such_installation();
AdminStep list_installations(AdminCall& call);
AdminStep get_installation(AdminCall& call);
/// Installs the app and delivers `avi:forge:installed:app`; answers when the first attempt is over.
AdminStep post_installation(AdminCall& call);
/// Calls `preUninstall`, waits for it, then takes the installation away.
AdminStep delete_installation(AdminCall& call);

}  // namespace tongs::emulator
