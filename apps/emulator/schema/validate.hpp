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
/// oneOf and anyOf, discriminators, and the bounds of numbers, texts, lists and maps, with int32 as one.
/// With a discriminator it is the form that the value names which it has to fit, and no other. Without one,
/// at least one: the forms of the catalogs exclude each other by their types, but for a few that are objects
/// open to any member, such as a page's body, plain or nested. By the letter of oneOf each value of these
/// fits two forms, and would be refused (tests/unit/emulator/forms_test.cpp names them). Patterns and other
/// formats are not looked at. In a request, null stands for a member that is left out.
std::vector<Misfit> validate(const json::object& schema, const json::value& value, Direction direction,
                             const FindSchema& find);

}  // namespace tongs::emulator
