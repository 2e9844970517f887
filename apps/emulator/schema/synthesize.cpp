#include "emulator/schema/synthesize.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "emulator/schema/closed.hpp"

namespace tongs::emulator {

namespace {

constexpr std::size_t kRichLevels = 3;

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kFormats{{
    {"date-time", "2026-01-01T00:00:00.000Z"},
    {"date", "2026-01-01"},
    {"uuid", "00000000-0000-4000-8000-000000000001"},
    {"uri", "https://example.com/1"},
    {"url", "https://example.com/1"},
    {"URL", "https://example.com/1"},
    {"byte", "AQ=="},
    {"email", "one@example.com"},
}};

class Synthesis {
 public:
  Synthesis(Direction direction, const FindSchema& find) : direction_(direction), find_(find) {}

  json::value value_of(const json::object* written) {
    const json::object* schema = resolve(written, find_);
    if (schema == nullptr || depth_ == kDeepestSchema) return json::object();
    ++depth_;
    json::value made = made_of(*schema);
    --depth_;
    return made;
  }

 private:
  json::value made_of(const json::object& schema) {
    const auto* known = array_in(schema, "enum");
    if (known != nullptr && !known->empty()) return known->front();
    if (const auto* parts = array_in(schema, "allOf")) return combined(schema, *parts);
    for (const auto* keyword : {"oneOf", "anyOf"}) {
      const auto* forms = array_in(schema, keyword);
      if (forms == nullptr || forms->empty()) continue;
      json::value made = combined(schema, json::array{forms->front()});
      if (const Discriminator named = discriminator_of(schema)) name_form(named, forms->front(), made);
      return made;
    }
    const std::string_view type = type_of(schema);
    if (type == "string") return text_of_form(schema);
    if (type == "boolean") return true;
    if (type == "integer" || type == "number") return number_within(schema, type);
    if (type == "array") return list_of(schema);
    return members_of(schema);
  }

  /// An object with the members of all parts, or what the first part is if that is no object.
  json::value combined(const json::object& schema, const json::array& parts) {
    json::object whole = members_of(schema);
    for (const auto& part : parts) {
      json::value made = value_of(part.if_object());
      if (!made.is_object()) return made;
      for (auto& [name, member] : made.get_object()) whole[name] = std::move(member);
    }
    return whole;
  }

  static void name_form(const Discriminator& named, const json::value& form, json::value& made) {
    const auto* reference = form.if_object();
    if (reference == nullptr || !made.is_object()) return;
    for (const auto& [name, key] : *named.forms) {
      if (key == json::value(text_in(*reference, "$ref"))) made.get_object()[named.member] = name;
    }
  }

  static json::value text_of_form(const json::object& schema) {
    const std::string_view format = text_in(schema, "format");
    const auto form = std::find_if(kFormats.begin(), kFormats.end(),
                                   [&](const auto& each) { return each.first == format; });
    std::string text(form == kFormats.end() ? "1" : form->second);
    const std::size_t least = bound(schema, "minLength", 0), most = bound(schema, "maxLength", text.size());
    if (text.size() > most) text.resize(most);
    if (text.size() < least) text.resize(least, '1');
    return json::value(text);
  }

  static std::size_t bound(const json::object& schema, std::string_view keyword, std::size_t otherwise) {
    const auto* value = schema.if_contains(keyword);
    if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return otherwise;
    return static_cast<std::size_t>(value->get_int64());
  }

  static json::value number_within(const json::object& schema, std::string_view type) {
    double number = 1;
    const auto* least = schema.if_contains("minimum");
    const auto* most = schema.if_contains("maximum");
    if (most != nullptr && most->is_number()) number = std::min(number, most->to_number<double>());
    if (least != nullptr && least->is_number()) number = std::max(number, least->to_number<double>());
    if (type == "number") return number;
    return static_cast<std::int64_t>(std::ceil(number));
  }

  bool is_rich() const noexcept { return direction_ == Direction::answer && depth_ <= kRichLevels; }

  json::value list_of(const json::object& schema) {
    std::size_t count = std::max<std::size_t>(bound(schema, "minItems", 0), is_rich() ? 1 : 0);
    count = std::min(count, bound(schema, "maxItems", count));
    json::array list;
    const json::object* item = object_in(schema, "items");
    while (item != nullptr && list.size() < count) list.push_back(value_of(item));
    return list;
  }

  json::object members_of(const json::object& schema) {
    json::object made;
    const auto* properties = object_in(schema, "properties");
    if (properties != nullptr) {
      for (const auto& [name, written] : *properties) {
        const json::object* member = written.if_object();
        if (member == nullptr || !belongs(*member, direction_)) continue;
        const bool may = is_rich() && made.size() < bound(schema, "maxProperties", properties->size());
        const bool must = made.size() < bound(schema, "minProperties", 0) || is_required(schema, name);
        if (may || must) made[name] = value_of(member);
      }
    }
    fill(schema, made);
    return made;
  }

  static bool is_required(const json::object& schema, std::string_view name) {
    const auto* required = array_in(schema, "required");
    return required != nullptr &&
           std::any_of(required->begin(), required->end(), [&](const json::value& one) {
             return one.is_string() && std::string_view(one.get_string()) == name;
           });
  }

  /// What is required without being described, and as many members as there have to be.
  void fill(const json::object& schema, json::object& made) {
    const auto* required = array_in(schema, "required");
    const auto* properties = object_in(schema, "properties");
    const json::object* other = object_in(schema, "additionalProperties");
    for (std::size_t i = 0; required != nullptr && i < required->size(); ++i) {
      const std::string_view name = (*required)[i].get_string();
      const bool described = properties != nullptr && properties->contains(name);
      if (!described && is_meant(schema, name)) made[name] = value_of(other);
    }
    while (!is_closed(schema) && made.size() < bound(schema, "minProperties", 0))
      made["key" + std::to_string(made.size() + 1)] = value_of(other);
  }

  Direction direction_;
  const FindSchema& find_;
  std::size_t depth_ = 0;
};

}  // namespace

json::value synthesize(const json::object& schema, Direction direction, const FindSchema& find) {
  return Synthesis(direction, find).value_of(&schema);
}

}  // namespace tongs::emulator
