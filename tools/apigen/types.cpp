#include "types.hpp"

#include <algorithm>

#include "names.hpp"

namespace apigen {

using tongs::JsonView;

namespace {

bool has_members(JsonView schema) { return schema["properties"].size() > 0; }

bool is_composed(JsonView schema) {
  return schema["allOf"].size() > 1 || (schema["allOf"] && has_members(schema));
}

bool is_object_type(JsonView schema) { return has_members(schema) || is_composed(schema); }

Type plain(Type::Kind kind) { return {.kind = kind}; }

Type text_of(JsonView schema) {
  Type type = plain(Type::Kind::string);
  for (const JsonView value : schema["enum"]) {
    if (value.string()) type.values.emplace_back(*value.string());
  }
  return type;
}

/// Without what a reader of the name learns nothing from.
std::string short_name(std::string name) {
  for (const std::string_view suffix : {"Bean", "DTO", "Dto"}) {
    if (name.size() > suffix.size() && name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  }
  return name;
}

}  // namespace

JsonView Types::resolve(JsonView value) const {
  while (const auto reference = value["$ref"].string()) {
    JsonView target = document_;
    std::string_view path = reference->substr(2);  // all of them are local: `#/a/b`
    while (!path.empty()) {
      const std::size_t slash = std::min(path.find('/'), path.size());
      target = target[path.substr(0, slash)];
      path.remove_prefix(std::min(slash + 1, path.size()));
    }
    value = target;
  }
  return value;
}

Type Types::of(JsonView schema, const std::string& where) {
  if (const auto reference = schema["$ref"].string()) return of_reference(*reference);
  if (schema["oneOf"] || schema["anyOf"]) return {};
  if (schema["allOf"].size() == 1 && !has_members(schema)) return of(*schema["allOf"].begin(), where);
  if (is_object_type(schema)) return of_object(schema, where);
  const std::string_view type = schema["type"].string_or({});
  if (type == "string") return text_of(schema);
  if (type == "boolean") return plain(Type::Kind::boolean);
  if (type == "integer") return plain(Type::Kind::integer);
  if (type == "number") return plain(Type::Kind::number);
  if (type == "array") {
    auto element = std::make_shared<const Type>(of(schema["items"], where + "Item"));
    return {.kind = Type::Kind::list, .element = std::move(element)};
  }
  const JsonView more = schema["additionalProperties"];
  if (more.kind() == JsonView::Kind::object && more.size() > 0) {
    return {.kind = Type::Kind::map, .element = std::make_shared<const Type>(of(more, where + "Value"))};
  }
  return {};
}

Type Types::of_reference(std::string_view reference) {
  const std::string key(reference.substr(reference.rfind('/') + 1));
  if (api_.schemas.contains(key)) return {.kind = Type::Kind::object, .schema = key};
  const JsonView schema = resolve(document_["components"]["schemas"][key]);
  return is_object_type(schema) ? add_schema(key, schema) : of(schema, key);
}

Type Types::of_object(JsonView schema, const std::string& where) {
  const std::string content = schema.text();
  if (const auto known = by_content_.find(content); known != by_content_.end()) {
    return {.kind = Type::Kind::object, .schema = known->second};
  }
  std::string key(schema["title"].string_or(where));
  for (int number = 2; api_.schemas.contains(key) || document_["components"]["schemas"][key]; ++number) {
    key = where + std::to_string(number);
  }
  by_content_[content] = key;
  return add_schema(key, schema);
}

Type Types::add_schema(std::string key, JsonView schema) {
  api_.schemas[key] = {.key = key, .name = {}};  // first, because a type may hold itself
  Schema made{.key = key, .name = {}};
  add_members(made, schema);
  api_.schemas[key] = std::move(made);
  return {.kind = Type::Kind::object, .schema = std::move(key)};
}

void Types::add_members(Schema& schema, JsonView from) {
  for (const JsonView part : from["allOf"]) add_members(schema, resolve(part));
  const JsonView required = from["required"];
  for (auto member = from["properties"].begin(); member != from["properties"].end(); ++member) {
    const std::string wire(member.key());
    const JsonView value = *member;
    Member made{.wire = wire, .name = {}, .type = of(value, schema.key + pascal(wire))};
    made.required =
        std::any_of(required.begin(), required.end(), [&](JsonView name) { return name.string() == wire; });
    made.read_only = value["readOnly"].boolean().value_or(false);
    made.write_only = value["writeOnly"].boolean().value_or(false);
    const auto same = std::find_if(schema.members.begin(), schema.members.end(),
                                   [&](const Member& other) { return other.wire == wire; });
    if (same == schema.members.end()) {
      schema.members.push_back(std::move(made));
    } else {
      *same = std::move(made);
    }
  }
}

void mark(Api& api, const Type& type, bool Schema::* use) {
  if (type.element) mark(api, *type.element, use);
  if (type.kind != Type::Kind::object) return;
  Schema& schema = api.schemas.at(type.schema);
  if (std::exchange(schema.*use, true)) return;
  for (const Member& member : schema.members) {
    const bool absent = use == &Schema::in_answers ? member.write_only : member.read_only;
    if (!absent) mark(api, member.type, use);
  }
}

void name_schemas(Api& api, const std::map<std::string, std::string>& renamed) {
  static const std::set<std::string> accessors = {"json",      "document",  "exists",    "set",
                                                  "put",       "append",    "string_of", "integer_of",
                                                  "number_of", "boolean_of"};
  std::set<std::string> chosen;
  for (const auto& [key, name] : renamed) chosen.insert(name);
  UniqueNames names(chosen);
  for (auto& [key, schema] : api.schemas) {
    if (!schema.in_answers && !schema.in_bodies) continue;
    const auto by_hand = renamed.find(key);
    const std::string cleaned = pascal(key);
    const std::string brief = short_name(cleaned);
    schema.name = by_hand != renamed.end() ? by_hand->second : names.take(names.has(brief) ? cleaned : brief);
    UniqueNames members(accessors);
    for (Member& member : schema.members) {
      std::string name = snake(member.wire);
      member.name = members.take(accessors.contains(name) ? name + "_" : name);
    }
  }
}

}  // namespace apigen
