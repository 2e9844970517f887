#include "common/graphql/coercion.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>

#include <boost/json/array.hpp>

namespace tongs::graphql {

namespace json = boost::json;

namespace {

Misfit not_a(const Type& type, Location at) { return {"expected a value of type " + to_string(type), at}; }

bool fits_int(std::int64_t number) noexcept {
  return number >= std::numeric_limits<std::int32_t>::min() &&
         number <= std::numeric_limits<std::int32_t>::max();
}

template <class Number>
std::optional<Number> number_of(const std::string& text) noexcept {
  Number number{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// A literal that is neither null, a variable, a list nor an object, as a value of a built-in scalar type.
struct ScalarLiteral {
  const std::string& type;

  std::optional<json::value> operator()(const StringValue& literal) const {
    if (type != "String" && type != "ID") return std::nullopt;
    return json::value(literal.text);
  }
  std::optional<json::value> operator()(const IntValue& literal) const {
    if (type == "ID") return json::value(literal.text);
    if (type == "Float") return number_of<double>(literal.text);
    const auto number = number_of<std::int64_t>(literal.text);
    if (type != "Int" || !number || !fits_int(*number)) return std::nullopt;
    return json::value(*number);
  }
  std::optional<json::value> operator()(const FloatValue& literal) const {
    if (type != "Float") return std::nullopt;
    return number_of<double>(literal.text);
  }
  std::optional<json::value> operator()(bool literal) const {
    if (type != "Boolean") return std::nullopt;
    return json::value(literal);
  }
  template <class Other>
  std::optional<json::value> operator()(const Other&) const {
    return std::nullopt;
  }
};

std::optional<json::value> scalar_of(const Value& literal, const std::string& type) {
  return std::visit(ScalarLiteral{type}, literal.data);
}

std::optional<json::value> scalar_of(const json::value& given, const std::string& type) {
  if (given.is_string() && (type == "String" || type == "ID")) return given;
  if (given.is_int64() && type == "ID") return json::value(std::to_string(given.get_int64()));
  if (given.is_int64() && type == "Int" && fits_int(given.get_int64())) return given;
  if (given.is_number() && type == "Float") return json::value(given.to_number<double>());
  if (given.is_bool() && type == "Boolean") return given;
  return std::nullopt;
}

/// The parts of a JSON value and of a literal that the rules for input objects and lists need, so that the
/// rules stand once.
struct JsonInput {
  const json::value& given;
  const Schema& schema;

  Location at() const noexcept { return {}; }
  bool is_null() const noexcept { return given.is_null(); }
  bool is_list() const noexcept { return given.is_array(); }
  bool is_object() const noexcept { return given.is_object(); }
  std::optional<json::value> scalar(const std::string& type) const { return scalar_of(given, type); }
  template <class Visit>
  void each_item(Visit visit) const {
    for (const auto& item : given.get_array()) visit(JsonInput{item, schema});
  }
  template <class Visit>
  void each_field(Visit visit) const {
    for (const auto& [name, value] : given.get_object())
      visit(std::string(name), Location{}, JsonInput{value, schema});
  }
  std::optional<Coerced> variable(const Type& /*type*/) const { return std::nullopt; }
};

struct LiteralInput {
  const Value& literal;
  const Schema& schema;
  const OnVariable& on_variable;

  Location at() const noexcept { return literal.at; }
  bool is_null() const noexcept { return std::holds_alternative<NullValue>(literal.data); }
  bool is_list() const noexcept { return std::holds_alternative<ListValue>(literal.data); }
  bool is_object() const noexcept { return std::holds_alternative<ObjectValue>(literal.data); }
  std::optional<json::value> scalar(const std::string& type) const { return scalar_of(literal, type); }
  template <class Visit>
  void each_item(Visit visit) const {
    for (const auto& item : std::get<ListValue>(literal.data).items)
      visit(LiteralInput{item, schema, on_variable});
  }
  template <class Visit>
  void each_field(Visit visit) const {
    for (const auto& field : std::get<ObjectValue>(literal.data).fields) {
      visit(field.name, field.at, LiteralInput{field.value, schema, on_variable});
    }
  }
  std::optional<Coerced> variable(const Type& type) const {
    const auto* name = std::get_if<Variable>(&literal.data);
    if (name == nullptr) return std::nullopt;
    auto value = on_variable(*name, type, literal.at);
    if (!value) return Absent{};
    if (value->is_null() && type.non_null) return not_a(type, literal.at);
    return *std::move(value);
  }
};

template <class Input>
Coerced coerce(const Input& input, const Type& type);

template <class Input>
Coerced coerce_list(const Input& input, const Type& type) {
  const Type& element = type.element.front();
  if (!input.is_list()) {  // one item stands for a list of one
    Coerced only = coerce(input, element);
    if (auto* value = std::get_if<json::value>(&only)) return json::value(json::array{std::move(*value)});
    return only;
  }
  json::array items;
  std::optional<Misfit> misfit;
  input.each_item([&](const Input& item) {
    if (misfit) return;
    Coerced coerced = coerce(item, element);
    if (auto* value = std::get_if<json::value>(&coerced)) {
      items.push_back(std::move(*value));
    } else if (auto* wrong = std::get_if<Misfit>(&coerced)) {
      misfit = std::move(*wrong);
    } else if (element.non_null) {
      misfit = not_a(element, item.at());
    } else {
      items.push_back(nullptr);
    }
  });
  if (misfit) return *std::move(misfit);
  return json::value(std::move(items));
}

template <class Input>
Coerced coerce_object(const Input& input, const TypeDefinition& definition) {
  json::object members;
  std::optional<Misfit> misfit;
  input.each_field([&](const std::string& name, Location at, const Input& field) {
    if (misfit) return;
    const auto known = std::find_if(definition.inputs.begin(), definition.inputs.end(),
                                    [&](const InputDefinition& one) { return one.name == name; });
    if (known == definition.inputs.end()) {
      misfit = Misfit{"type " + definition.name + " has no field " + name, at};
      return;
    }
    if (members.contains(name)) {
      misfit = Misfit{"field " + name + " stands twice", at};
      return;
    }
    Coerced coerced = coerce(field, known->type);
    if (auto* value = std::get_if<json::value>(&coerced)) members[name] = std::move(*value);
    if (auto* wrong = std::get_if<Misfit>(&coerced)) {
      misfit = Misfit{"in field " + name + ": " + wrong->message, wrong->at};
    }
  });
  if (misfit) return *std::move(misfit);
  for (const auto& wanted : definition.inputs) {
    if (wanted.type.non_null && !members.contains(wanted.name)) {
      return Misfit{"field " + wanted.name + " of type " + to_string(wanted.type) + " is missing",
                    input.at()};
    }
  }
  return json::value(std::move(members));
}

template <class Input>
Coerced coerce(const Input& input, const Type& type) {
  if (auto variable = input.variable(type)) return *std::move(variable);
  if (input.is_null()) {
    if (type.non_null) return not_a(type, input.at());
    return json::value(nullptr);
  }
  if (type.is_list()) return coerce_list(input, type);
  const TypeDefinition* definition = input.schema.find(type.name);
  if (definition == nullptr) return not_a(type, input.at());
  if (definition->kind == TypeKind::input_object) {
    return input.is_object() ? coerce_object(input, *definition) : not_a(type, input.at());
  }
  if (auto scalar = input.scalar(type.name)) return *std::move(scalar);
  return not_a(type, input.at());
}

}  // namespace

Coerced coerce_literal(const Value& literal, const Type& type, const Schema& schema,
                       const OnVariable& on_variable) {
  return coerce(LiteralInput{literal, schema, on_variable}, type);
}

Coerced coerce_json(const json::value& given, const Type& type, const Schema& schema) {
  return coerce(JsonInput{given, schema}, type);
}

std::variant<json::object, std::vector<RequestError>> coerce_variables(const Operation& operation,
                                                                       const Schema& schema,
                                                                       const json::object& given) {
  json::object values;
  std::vector<RequestError> errors;
  const OnVariable none = [](const Variable&, const Type&, Location) { return std::nullopt; };
  for (const auto& definition : operation.variables) {
    const json::value* value = given.if_contains(definition.name);
    if (value == nullptr && !definition.default_value) {
      if (definition.type.non_null) {
        errors.push_back({"variable $" + definition.name + " of type " + to_string(definition.type) +
                              " must be given a value",
                          {definition.at}});
      }
      continue;
    }
    Coerced coerced = value != nullptr
                          ? coerce_json(*value, definition.type, schema)
                          : coerce_literal(*definition.default_value, definition.type, schema, none);
    if (const auto* wrong = std::get_if<Misfit>(&coerced)) {
      errors.push_back({"variable $" + definition.name + ": " + wrong->message, {definition.at}});
    } else {
      values[definition.name] = std::move(std::get<json::value>(coerced));
    }
  }
  if (!errors.empty()) return errors;
  return values;
}

}  // namespace tongs::graphql
