#pragma once
#include <optional>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

#include "gateway/config.hpp"

namespace tongs::gateway {

// How the listener of the egress opens, as its settings say.

/// The secret that callers must say; made if its file is not there. Nothing: they need none. Errors:
/// invalid_argument, forbidden, storage_failed, with the setting.
Result<std::optional<Secret>> read_egress_secret(const EgressConfig& egress);

/// Lets other users connect to the Unix socket, if any may call: who does is looked at for each connection.
/// Precondition: it listens. Errors: storage_failed.
Result<void> open_to_users(const EgressConfig& egress);

}  // namespace tongs::gateway
