#pragma once
#include <vector>

#include "common/config/values.hpp"

namespace tongs::gateway {

/// What no setting of the gateway shows alone: ids, addresses that exclude each other, listeners and URLs
/// that would give tokens away. Adds to `findings`. Values may be missing.
void check(const config::Values& values, std::vector<config::Finding>& findings);

}  // namespace tongs::gateway
