#pragma once
#include "emulator/admin/step.hpp"

namespace tongs::emulator {

/// `{"remote","path"}`: where tokens go that an auth trigger asks for; from then on installations have one.
/// A remote of "" takes it away.
AdminStep get_auth_endpoint(AdminCall& call);
AdminStep put_auth_endpoint(AdminCall& call);
/// `{"clientId","clientSecret","tokenUrl"}`: what a remote needs to ask for tokens by OAuth.
AdminStep get_oauth_client(AdminCall& call);

}  // namespace tongs::emulator
