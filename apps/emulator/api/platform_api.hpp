#pragma once
#include "emulator/api/call.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// Answers everything that the real platform would serve, at its real path: `/.well-known/jwks.json`,
/// `/graphql`, `/ex/jira/{cloudId}/…`, `/ex/confluence/{cloudId}/…`. Faults are applied, calls are logged.
ApiAnswer serve_platform(World& world, const ApiCall& call, Moment now);

}  // namespace tongs::emulator
