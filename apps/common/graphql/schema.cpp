#include "common/graphql/schema.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "common/graphql/parser.hpp"

namespace tongs::graphql {

namespace {

template <class Named>
const Named* find_named(const std::vector<Named>& all, std::string_view name) noexcept {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

Type type_of(std::string_view text) {
  auto parsed = parse_type(text);
  return std::holds_alternative<Type>(parsed) ? std::get<Type>(std::move(parsed)) : Type{};
}

}  // namespace

const FieldDefinition* TypeDefinition::field(std::string_view field_name) const noexcept {
  return find_named(fields, field_name);
}

Schema::Schema(Roots roots, std::vector<TypeDefinition> types, IdVariables for_ids)
    : roots_(std::move(roots)), for_ids_(for_ids), types_(std::move(types)) {
  for (const auto* name : {"ID", "String", "Int", "Float", "Boolean"}) {
    types_.push_back({TypeKind::scalar, name, {}, {}});
  }
}

const TypeDefinition* Schema::find(std::string_view name) const noexcept { return find_named(types_, name); }

const TypeDefinition* Schema::root(OperationKind kind) const noexcept {
  switch (kind) {
    case OperationKind::query:
      return find(roots_.query);
    case OperationKind::mutation:
      return find(roots_.mutation);
    case OperationKind::subscription:
      break;
  }
  return nullptr;
}

bool Schema::takes_variable(std::string_view given, std::string_view wanted) const noexcept {
  if (given == wanted) return true;
  return for_ids_ == IdVariables::ids_and_strings && wanted == "ID" && given == "String";
}

InputDefinition input(std::string name, std::string_view type) { return {std::move(name), type_of(type)}; }

FieldDefinition field(std::string name, std::string_view type, std::vector<InputDefinition> arguments) {
  return {std::move(name), type_of(type), std::move(arguments)};
}

TypeDefinition object_type(std::string name, std::vector<FieldDefinition> fields) {
  return {TypeKind::object, std::move(name), std::move(fields), {}};
}

TypeDefinition input_type(std::string name, std::vector<InputDefinition> inputs) {
  return {TypeKind::input_object, std::move(name), {}, std::move(inputs)};
}

std::string to_string(const Type& type) {
  std::string text = type.is_list() ? '[' + to_string(type.element.front()) + ']' : type.name;
  if (type.non_null) text += '!';
  return text;
}

}  // namespace tongs::graphql
