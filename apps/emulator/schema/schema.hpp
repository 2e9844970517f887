#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace tongs::emulator {

namespace json = boost::json;

/// The schema of that key, or null if there is none. It stays where it is.
using FindSchema = std::function<const json::object*(std::string_view key)>;

/// Members that only answers have (`readOnly`) are no part of a request, and the other way round.
enum class Direction : std::uint8_t { request, answer };

/// Schemas nest deeper than any value that has a use; this deep and no deeper they are followed.
inline constexpr std::size_t kDeepestSchema = 64;

/// The schema itself, or the one that it refers to; null if that is not there or leads in a circle.
const json::object* resolve(const json::object* schema, const FindSchema& find);

/// A keyword whose value is an object, an array, a flag or a text; null or false if it is absent.
const json::object* object_in(const json::object& schema, std::string_view keyword) noexcept;
const json::array* array_in(const json::object& schema, std::string_view keyword) noexcept;
bool flag_in(const json::object& schema, std::string_view keyword) noexcept;
std::string_view text_in(const json::object& schema, std::string_view keyword) noexcept;

/// How a value tells which of several forms it has: by this member, whose values are names of schemas' keys.
struct Discriminator {
  std::string_view member;
  const json::object* forms = nullptr;
  explicit operator bool() const noexcept { return forms != nullptr; }
};

/// Of a schema with `oneOf`; none for `anyOf`, where the catalogs name values that the schema does not allow.
Discriminator discriminator_of(const json::object& schema) noexcept;

/// Is a member with this schema part of what goes in that direction?
bool belongs(const json::object& member, Direction direction) noexcept;

/// `object`, `array`, `string`, `integer`, `number`, `boolean`; empty: anything. A schema with members is an
/// object although it does not say so.
std::string_view type_of(const json::object& schema) noexcept;

}  // namespace tongs::emulator
