#pragma once
#include <string>
#include <vector>

#include "emulator/api/call.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// The operation's name and root fields of a request to `/graphql`.
std::vector<std::string> graphql_operations(const ApiCall& call);

/// A request to `/graphql`: the bearer token first, then the body, then the document (contract 4.2.1).
HttpResponse answer_graphql_call(World& world, const ApiCall& call, Moment now, json::object& facts);

}  // namespace tongs::emulator
