#pragma once
#include <string>
#include <string_view>

#include <tongs/json.hpp>

namespace tongs::cli {

/// Which keys to use instead of those of `jwks` (URL or file) for a FIT that says it is not of Forge's
/// commercial production. Empty if it does not say so, or these are the ones.
std::string other_keys_for(JsonView claims, std::string_view jwks);

}  // namespace tongs::cli
