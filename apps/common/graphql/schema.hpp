#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/graphql/ast.hpp"

namespace tongs::graphql {

/// An argument of a field or a member of an input object.
struct InputDefinition {
  std::string name;
  Type type;
};

struct FieldDefinition {
  std::string name;
  Type type;
  std::vector<InputDefinition> arguments;
};

enum class TypeKind : std::uint8_t { scalar, object, input_object };

struct TypeDefinition {
  TypeKind kind = TypeKind::object;
  std::string name;
  std::vector<FieldDefinition> fields;  ///< of an object
  std::vector<InputDefinition> inputs;  ///< of an input object

  const FieldDefinition* field(std::string_view field_name) const noexcept;
};

/// Variables of which types may stand where an `ID` is expected. The specification (5.8.5) has `ids` alone.
enum class IdVariables : std::uint8_t { ids, ids_and_strings };

/// What a server serves (spec 3), without interfaces, unions, enumerations and scalars of its own: `ID`,
/// `String`, `Int`, `Float` and `Boolean` are there by themselves. An operation kind without a root type is
/// not served.
/// Thread safety: const.
class Schema {
 public:
  struct Roots {
    std::string query;
    std::string mutation;
  };
  Schema(Roots roots, std::vector<TypeDefinition> types, IdVariables for_ids = IdVariables::ids);

  const TypeDefinition* find(std::string_view name) const noexcept;
  /// The root type for operations of this kind, or null.
  const TypeDefinition* root(OperationKind kind) const noexcept;
  /// May a variable of the type named `given` stand where the one named `wanted` is expected?
  bool takes_variable(std::string_view given, std::string_view wanted) const noexcept;

 private:
  Roots roots_;
  IdVariables for_ids_;
  std::vector<TypeDefinition> types_;
};

/// Builders for schemas in C++; types are written as in GraphQL, such as `[ID!]!`. A text that is no type is
/// a bug of the schema and gives a type of the name "", which nothing has.
InputDefinition input(std::string name, std::string_view type);
FieldDefinition field(std::string name, std::string_view type, std::vector<InputDefinition> arguments = {});
TypeDefinition object_type(std::string name, std::vector<FieldDefinition> fields);
TypeDefinition input_type(std::string name, std::vector<InputDefinition> inputs);

/// A type as GraphQL writes it.
std::string to_string(const Type& type);

}  // namespace tongs::graphql
