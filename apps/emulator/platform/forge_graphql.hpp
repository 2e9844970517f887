#pragma once
#include <string>
#include <vector>

#include "common/graphql/execution.hpp"
#include "common/graphql/schema.hpp"
#include "emulator/platform/bearer.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// What the platform's GraphQL gateway serves here: the mutation `offlineUserAuthToken` (contract 4.2).
const graphql::Schema& forge_schema();

/// What a request asks for, for faults and the log: the operation's name and the fields of its root. Empty if
/// the document cannot be read.
std::vector<std::string> operations_of(const graphql::Request& request);

/// Executes a request in the name of a caller, by the rules of contract 4 for `offlineUserAuthToken`: the
/// app's own token, one context of its own installation, a user of that site, scopes with
/// `allowImpersonation`, and the shared limit per minute.
json::object answer_graphql(World& world, const Caller& caller, const graphql::Request& request, Moment now);

}  // namespace tongs::emulator
