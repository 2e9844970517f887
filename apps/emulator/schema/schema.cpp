#include "emulator/schema/schema.hpp"

namespace tongs::emulator {

const json::object* resolve(const json::object* schema, const FindSchema& find) {
  for (std::size_t steps = 0; schema != nullptr && steps < kDeepestSchema; ++steps) {
    const std::string_view key = text_in(*schema, "$ref");
    if (key.empty()) return schema;
    schema = find(key);
  }
  return nullptr;
}

const json::object* object_in(const json::object& schema, std::string_view keyword) noexcept {
  const json::value* found = schema.if_contains(keyword);
  return found == nullptr ? nullptr : found->if_object();
}

const json::array* array_in(const json::object& schema, std::string_view keyword) noexcept {
  const json::value* found = schema.if_contains(keyword);
  return found == nullptr ? nullptr : found->if_array();
}

bool flag_in(const json::object& schema, std::string_view keyword) noexcept {
  const json::value* found = schema.if_contains(keyword);
  return found != nullptr && found->is_bool() && found->get_bool();
}

std::string_view text_in(const json::object& schema, std::string_view keyword) noexcept {
  const json::value* found = schema.if_contains(keyword);
  return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

Discriminator discriminator_of(const json::object& schema) noexcept {
  const auto* found = schema.contains("oneOf") ? object_in(schema, "discriminator") : nullptr;
  if (found == nullptr) return {};
  return {text_in(*found, "propertyName"), object_in(*found, "mapping")};
}

bool belongs(const json::object& member, Direction direction) noexcept {
  return !flag_in(member, direction == Direction::request ? "readOnly" : "writeOnly");
}

std::string_view type_of(const json::object& schema) noexcept {
  const std::string_view stated = text_in(schema, "type");
  return stated.empty() && schema.contains("properties") ? "object" : stated;
}

}  // namespace tongs::emulator
