#pragma once
#include <string>
#include <string_view>

#include "emulator/api/call.hpp"
#include "emulator/api/path_pattern.hpp"
#include "emulator/catalog/served_api.hpp"
#include "emulator/platform/bearer.hpp"
#include "emulator/products/refusal.hpp"
#include "emulator/products/site.hpp"

namespace tongs::emulator {

/// One call of a product's API, after everything that is the same for all of them: the token is good, its
/// user may use the product, the scopes suffice, and the request fits the operation's contract.
struct ProductCall {
  const ApiCall& http;
  Site& site;
  const Caller* caller;  ///< null: an operation for everybody
  std::string base_url;  ///< what the operation's path was appended to
  PathParameters parameters;
  PlatformTime now;
  ApiName api;

  std::string_view account() const noexcept { return caller->grant.account; }
};

}  // namespace tongs::emulator
