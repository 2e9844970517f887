#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <tongs/operation.hpp>

namespace tongs::cli {

/// An API as `tongs api` names it.
struct ApiProduct {
  std::string_view name;
  std::string_view summary;
  const OperationTable& (*operations)() noexcept;
};

std::span<const ApiProduct> api_products() noexcept;
const ApiProduct* find_product(std::string_view name) noexcept;

/// What a parameter is called on the command line, without the dashes: `issueIdOrKey` is `issue-id-or-key`.
/// One that would hide an option of every operation has `param-` in front.
std::string option_of(const OperationParameter& parameter);

/// What a complaint about our own `option`, such as `--query`, goes on with if a parameter of the operation
/// had to be called otherwise because of it: whoever typed it may have meant that. Else empty.
std::string namesake_of(const Operation& operation, std::string_view option);

/// The scopes of which an operation needs one alternative, a line for each.
std::string scopes_of(const Operation& operation);

}  // namespace tongs::cli
