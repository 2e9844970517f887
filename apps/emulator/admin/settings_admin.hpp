#pragma once
#include "emulator/admin/step.hpp"

namespace tongs::emulator {

AdminStep get_health(AdminCall& call);
AdminStep get_keys(AdminCall& call);
AdminStep post_keys_rotate(AdminCall& call);
AdminStep get_log(AdminCall& call);
/// The calls of products that the log has, as `tongs manifest check --calls` reads them.
AdminStep get_calls(AdminCall& call);
AdminStep list_remotes(AdminCall& call);
AdminStep put_remote(AdminCall& call);
AdminStep delete_remote(AdminCall& call);
AdminStep list_sites(AdminCall& call);
AdminStep post_site(AdminCall& call);
AdminStep get_behaviour(AdminCall& call);
AdminStep put_behaviour(AdminCall& call);

}  // namespace tongs::emulator
