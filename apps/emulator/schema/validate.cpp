#include "emulator/schema/validate.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "emulator/base/json_text.hpp"
#include "emulator/schema/closed.hpp"

namespace tongs::emulator {

namespace {

constexpr std::size_t kMostMisfits = 20;
constexpr std::size_t kMostNamed = 12;

std::string below(const std::string& at, std::string_view name) {
  std::string pointer = at + '/';
  for (const char c : name) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

std::optional<double> number_of(const json::value* value) noexcept {
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

/// JavaScript's and Java's characters are not ours: a text is as long as it has code points.
std::size_t length_of(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

class Validator {
 public:
  Validator(Direction direction, const FindSchema& find) : direction_(direction), find_(find) {}

  /// `open`: another schema may know members that this one does not.
  void check(const json::object* written, const json::value& value, const std::string& at,
             bool open = false) {
    const json::object* schema = resolve(written, find_);
    if (schema == nullptr || depth_ == kDeepestSchema || misfits_.size() >= kMostMisfits) return;
    ++depth_;
    if (!value.is_null() || !flag_in(*schema, "nullable")) check_value(*schema, value, at, open);
    --depth_;
  }

  std::vector<Misfit> misfits() && { return std::move(misfits_); }

 private:
  void refuse(const std::string& at, std::string message) {
    if (misfits_.size() < kMostMisfits) misfits_.push_back({at, std::move(message)});
  }

  void check_value(const json::object& schema, const json::value& value, const std::string& at, bool open) {
    const std::string_view type = type_of(schema);
    if (!is_of(type, value)) {
      return refuse(at, std::string("must be ") +
                            (type == "object" || type == "array" || type == "integer" ? "an " : "a ") +
                            std::string(type));
    }
    const bool combined = schema.contains("oneOf") || schema.contains("anyOf") || schema.contains("allOf");
    check_enum(schema, value, at);
    check_bounds(schema, value, at);
    if (const auto* object = value.if_object()) check_members(schema, *object, at, open || combined);
    if (const auto* items = value.if_array()) check_items(schema, *items, at);
    if (const auto* parts = array_in(schema, "allOf")) {
      const bool more = open || parts->size() > 1 || schema.contains("properties");
      for (const auto& part : *parts) check(part.if_object(), value, at, more);
    }
    const bool form_is_open = open || schema.contains("properties");
    for (const auto* keyword : {"oneOf", "anyOf"}) {
      const auto* forms = array_in(schema, keyword);
      if (forms == nullptr) continue;
      if (const Discriminator named = discriminator_of(schema)) {
        check_named_form(named, value, at, form_is_open);
      } else {
        check_forms(*forms, value, at, form_is_open);
      }
    }
  }

  static bool is_of(std::string_view type, const json::value& value) noexcept {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    return true;
  }

  void check_enum(const json::object& schema, const json::value& value, const std::string& at) {
    const auto* known = array_in(schema, "enum");
    if (known == nullptr || std::find(known->begin(), known->end(), value) != known->end()) return;
    std::string all;
    for (std::size_t i = 0; i < std::min(known->size(), kMostNamed); ++i)
      all += (i == 0 ? "" : ", ") + json_text((*known)[i]);
    refuse(at, "must be one of " + all + (known->size() > kMostNamed ? ", …" : ""));
  }

  void check_bounds(const json::object& schema, const json::value& value, const std::string& at) {
    if (value.is_number()) {
      check_bound(schema, "minimum", "maximum", value.to_number<double>(), "", at);
      const double number = value.to_number<double>();
      if (text_in(schema, "format") == "int32" && (number > std::numeric_limits<std::int32_t>::max() ||
                                                   number < std::numeric_limits<std::int32_t>::min()))
        refuse(at, "must fit in 32 bits");
    } else if (value.is_string()) {
      check_bound(schema, "minLength", "maxLength", static_cast<double>(length_of(value.get_string())),
                  " characters", at);
    } else if (value.is_array()) {
      check_bound(schema, "minItems", "maxItems", static_cast<double>(value.get_array().size()), " items",
                  at);
    } else if (value.is_object()) {
      check_bound(schema, "minProperties", "maxProperties", static_cast<double>(value.get_object().size()),
                  " members", at);
    }
  }

  void check_bound(const json::object& schema, std::string_view least, std::string_view most, double size,
                   std::string_view unit, const std::string& at) {
    const auto* low = schema.if_contains(least);
    const auto* high = schema.if_contains(most);
    if (const auto bound = number_of(low); bound && size < *bound)
      refuse(at, "must be at least " + json_text(*low) + std::string(unit));
    if (const auto bound = number_of(high); bound && size > *bound)
      refuse(at, "must be at most " + json_text(*high) + std::string(unit));
  }

  void check_members(const json::object& schema, const json::object& value, const std::string& at,
                     bool open) {
    const json::object* properties = object_in(schema, "properties");
    check_required(schema, properties, value, at);
    const json::value* others = schema.if_contains("additionalProperties");
    for (const auto& [name, member] : value) {
      const json::object* known = properties == nullptr ? nullptr : object_in(*properties, name);
      if (known != nullptr) {
        const bool left_out = direction_ == Direction::request && member.is_null();
        if (!left_out) check(known, member, below(at, name));
      } else if (others != nullptr && others->is_object()) {
        check(&others->get_object(), member, below(at, name));
      } else if (!open && is_closed(schema)) {
        refuse(below(at, name), "is not known here");
      }
    }
  }

  void check_required(const json::object& schema, const json::object* properties, const json::object& value,
                      const std::string& at) {
    const auto* required = array_in(schema, "required");
    if (required == nullptr) return;
    for (const auto& one : *required) {
      const std::string_view name = one.is_string() ? std::string_view(one.get_string()) : "";
      const json::object* member = properties == nullptr ? nullptr : object_in(*properties, name);
      if (member != nullptr && !belongs(*member, direction_)) continue;
      if (!is_meant(schema, name)) continue;
      const json::value* given = value.if_contains(name);
      const bool nulled = direction_ == Direction::request && given != nullptr && given->is_null();
      const json::object* resolved = resolve(member, find_);
      if (given == nullptr || (nulled && (resolved == nullptr || !flag_in(*resolved, "nullable"))))
        refuse(below(at, name), "is required");
    }
  }

  void check_items(const json::object& schema, const json::array& items, const std::string& at) {
    const json::object* item = object_in(schema, "items");
    for (std::size_t i = 0; item != nullptr && i < items.size(); ++i)
      check(item, items[i], at + '/' + std::to_string(i));
  }

  /// The value fits the form that it names itself.
  void check_named_form(const Discriminator& named, const json::value& value, const std::string& at,
                        bool open) {
    const auto* object = value.if_object();
    if (object == nullptr) return refuse(at, "must be an object");
    const std::string here = below(at, named.member);
    const auto* given = object->if_contains(named.member);
    if (given == nullptr || given->is_null()) return refuse(here, "is required");
    const auto* form = given->is_string() ? named.forms->if_contains(given->get_string()) : nullptr;
    if (form != nullptr) return check(find_(form->get_string()), value, at, open);
    std::string all;
    for (const auto& known : *named.forms) all += (all.empty() ? "" : ", ") + std::string(known.key());
    refuse(here, "must be one of " + all);
  }

  /// The value fits one form. If it fits none, the form that it misses least says what is wrong: one of its
  /// own type, and of these the one with the fewest misfits.
  void check_forms(const json::array& forms, const json::value& value, const std::string& at, bool open) {
    std::optional<std::vector<Misfit>> least;
    const auto rank = [&](const std::vector<Misfit>& all) {
      return std::pair(all.front().at == at, all.size());
    };
    for (const auto& form : forms) {
      Validator one(direction_, find_);
      one.depth_ = depth_;
      one.check(form.if_object(), value, at, open);
      if (one.misfits_.empty()) return;
      if (!least || rank(one.misfits_) < rank(*least)) least = std::move(one.misfits_);
    }
    if (!least) return;
    for (Misfit& misfit : *least) refuse(misfit.at, std::move(misfit.message));
  }

  Direction direction_;
  const FindSchema& find_;
  std::size_t depth_ = 0;
  std::vector<Misfit> misfits_;
};

}  // namespace

std::vector<Misfit> validate(const json::object& schema, const json::value& value, Direction direction,
                             const FindSchema& find) {
  Validator validator(direction, find);
  validator.check(&schema, value, "");
  return std::move(validator).misfits();
}

}  // namespace tongs::emulator
