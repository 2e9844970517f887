#pragma once
#include "emulator/schema/schema.hpp"

namespace tongs::emulator {

/// Does an object schema refuse members that it does not describe? One that asks for members and describes
/// none does not mean it.
inline bool is_closed(const json::object& schema) noexcept {
  const json::value* others = schema.if_contains("additionalProperties");
  const bool stated = others != nullptr && others->is_bool() && !others->get_bool();
  return stated && (schema.contains("properties") || !schema.contains("minProperties"));
}

/// Is a name under `required` meant? Some catalogs still name members there that were renamed since.
inline bool is_meant(const json::object& schema, std::string_view required) noexcept {
  const json::object* properties = object_in(schema, "properties");
  return !is_closed(schema) || (properties != nullptr && properties->contains(required));
}

}  // namespace tongs::emulator
