#pragma once
#include <optional>
#include <string>

#include "emulator/products/product_call.hpp"

namespace tongs::emulator {

/// A document as this version of the API takes it: Atlassian Document Format in v3, plain text in v2. Nothing
/// if it is neither that nor null.
std::optional<json::value> read_document(const ProductCall& call, const json::value& value);

/// The account of a person such as `{"accountId": …}`; empty for null and for an absent account. Nothing if
/// nobody has it.
std::optional<std::string> read_person(const Site& site, const json::value& value);

/// Puts what `fields` says into an issue. Gives what cannot be set, by name.
json::object apply_fields(const ProductCall& call, const json::object& fields, Issue& issue);

}  // namespace tongs::emulator
