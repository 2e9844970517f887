#pragma once
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace tongs::emulator {

namespace json = boost::json;

/// As compact JSON. Numbers are written without exponent, as the programs that the emulator stands for write
/// them: 1.2 and not 1.2E0. A number that is not finite becomes null.
std::string json_text(const json::value& value);
std::string json_text(const json::object& object);

/// The value of a member in the words of its author; of several with that name the last one's. Precondition:
/// `object` is the JSON text of an object. Nothing if it has no such member, or its name is written with
/// escapes.
std::optional<std::string_view> member_text(std::string_view object, std::string_view name);

}  // namespace tongs::emulator
