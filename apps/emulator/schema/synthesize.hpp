#pragma once
#include "emulator/schema/schema.hpp"

namespace tongs::emulator {

/// A value that fits a schema, the same at each call. A request has the members that it must have; an answer
/// has also those it may have, three levels deep, and one item in each list there. Texts have the form that
/// their format asks for; of known values the first is taken. Where schemas go in a circle, lists end empty.
json::value synthesize(const json::object& schema, Direction direction, const FindSchema& find);

}  // namespace tongs::emulator
