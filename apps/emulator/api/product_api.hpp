#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "emulator/api/call.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// `/ex/<product>/<cloud id>/…`
bool is_product_path(std::string_view path) noexcept;

/// The id of the operation that the call means, if it is known.
std::vector<std::string> product_operations(World& world, const ApiCall& call);

/// A call of a product's API, in the order in which the platform looks: the token, its tenant, its user, the
/// scopes, whether there is such an operation, and whether the request fits it (contract 3.4, 7.5). An
/// operation that no state stands behind gets an answer that fits its schema, with `x-tongs-synthesized`.
HttpResponse answer_product_call(World& world, const ApiCall& call, Moment now, json::object& facts);

}  // namespace tongs::emulator
