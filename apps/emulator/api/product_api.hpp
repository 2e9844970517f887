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
std::vector<std::string> product_operations(const ApiCall& call);

/// A call of a product's API, in the order in which the platform looks: the token, its tenant, its user, the
/// scopes, the operation (contract 3.4, 7.5).
HttpResponse answer_product_call(World& world, const ApiCall& call, Moment now, json::object& facts);

}  // namespace tongs::emulator
