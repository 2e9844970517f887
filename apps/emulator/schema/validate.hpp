#pragma once
#include <string>
#include <vector>

#include "emulator/schema/schema.hpp"

namespace tongs::emulator {

/// Something in a value that its schema does not allow.
struct Misfit {
  std::string at;       ///< JSON Pointer (RFC 6901); empty: the whole value
  std::string message;  ///< such as `must be a string`
};

/// What is wrong with a value, at most 20 things, in the order of the schema; empty: it fits.
/// Of OpenAPI 3.0 it knows type, nullable, enum, required, properties, additionalProperties, items, allOf,
/// oneOf and anyOf (both: at least one), and the bounds of numbers, texts, lists and maps, with int32 as one.
/// Patterns and other formats are not looked at. In a request, null stands for a member that is left out.
std::vector<Misfit> validate(const json::object& schema, const json::value& value, Direction direction,
                             const FindSchema& find);

}  // namespace tongs::emulator
