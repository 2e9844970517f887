#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// GraphQL, October 2021 edition (https://spec.graphql.org/October2021/): executable documents.
namespace tongs::graphql {

/// Where something stands in a document. Both count from 1; a column is a code point.
struct Location {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const Location&, const Location&) = default;
};

struct Value;
struct ObjectField;

struct NullValue {};
/// Numbers keep their text: how large one may be is the schema's question.
struct IntValue {
  std::string text;
};
struct FloatValue {
  std::string text;
};
struct StringValue {
  std::string text;
};
struct EnumValue {
  std::string name;
};
struct Variable {
  std::string name;
};
struct ListValue {
  std::vector<Value> items;
};
struct ObjectValue {
  std::vector<ObjectField> fields;
};

/// Spec 2.9.
struct Value {
  std::variant<NullValue, bool, IntValue, FloatValue, StringValue, EnumValue, Variable, ListValue,
               ObjectValue>
      data;
  Location at;
};

struct ObjectField {
  std::string name;
  Value value;
  Location at;
};

/// Spec 2.11: `name`, or a list of `element`, which then holds exactly one type.
struct Type {
  std::string name;
  std::vector<Type> element;
  bool non_null = false;
  Location at;

  bool is_list() const noexcept { return !element.empty(); }
};

struct Argument {
  std::string name;
  Value value;
  Location at;
};

struct Directive {
  std::string name;
  std::vector<Argument> arguments;
  Location at;
};

struct Selection;

struct Field {
  std::string alias;  ///< empty: none
  std::string name;
  std::vector<Argument> arguments;
  std::vector<Directive> directives;
  std::vector<Selection> selections;

  const std::string& response_name() const noexcept { return alias.empty() ? name : alias; }
};

struct FragmentSpread {
  std::string name;
  std::vector<Directive> directives;
};

struct InlineFragment {
  std::string type_condition;  ///< empty: none
  std::vector<Directive> directives;
  std::vector<Selection> selections;
};

struct Selection {
  std::variant<Field, FragmentSpread, InlineFragment> data;
  Location at;
};

struct VariableDefinition {
  std::string name;
  Type type;
  std::optional<Value> default_value;
  std::vector<Directive> directives;
  Location at;
};

enum class OperationKind : std::uint8_t { query, mutation, subscription };

struct Operation {
  OperationKind kind = OperationKind::query;
  std::string name;  ///< empty: anonymous
  std::vector<VariableDefinition> variables;
  std::vector<Directive> directives;
  std::vector<Selection> selections;
  Location at;
};

struct Fragment {
  std::string name;
  std::string type_condition;
  std::vector<Directive> directives;
  std::vector<Selection> selections;
  Location at;
};

struct Document {
  std::vector<Operation> operations;
  std::vector<Fragment> fragments;
};

}  // namespace tongs::graphql
