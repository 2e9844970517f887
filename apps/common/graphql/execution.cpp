#include "common/graphql/execution.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>

#include "common/graphql/coercion.hpp"
#include "common/graphql/collect.hpp"
#include "common/graphql/parser.hpp"
#include "common/graphql/validation.hpp"

namespace tongs::graphql {

namespace json = boost::json;

namespace {

json::object failed(const std::vector<RequestError>& errors) {
  json::array entries;
  for (const auto& error : errors) entries.push_back(to_json(error));
  return {{"errors", std::move(entries)}};
}

/// The operation that the request means (GetOperation, spec 6.1).
std::variant<const Operation*, RequestError> choose(const Document& document, const std::string& name) {
  if (name.empty()) {
    if (document.operations.size() == 1) return &document.operations.front();
    return RequestError{document.operations.empty() ? "the document has no operation"
                                                    : "operationName must say which operation is meant",
                        {}};
  }
  const auto found = std::find_if(document.operations.begin(), document.operations.end(),
                                  [&](const Operation& operation) { return operation.name == name; });
  if (found == document.operations.end()) return RequestError{"the document has no operation " + name, {}};
  return &*found;
}

/// Executes one valid operation.
class Execution {
 public:
  Execution(const Document& document, const Schema& schema, const Resolvers& resolvers,
            json::object variables)
      : document_(document), schema_(schema), resolvers_(resolvers), variables_(std::move(variables)) {}

  json::object run(const Operation& operation) {
    const TypeDefinition& root = *schema_.root(operation.kind);
    json::object data;
    bool complete = true;
    for (const auto& group : collect(root, {&operation.selections})) {
      json::value value = root_field(root, group);
      const FieldDefinition* field = root.field(group.nodes.front().field->name);
      complete = complete && !(value.is_null() && field != nullptr && field->type.non_null);
      data[group.response_name] = std::move(value);
    }
    json::object answer;
    answer["data"] = complete ? json::value(std::move(data)) : json::value(nullptr);
    if (!errors_.empty()) answer["errors"] = std::move(errors_);
    return answer;
  }

 private:
  std::vector<FieldGroup> collect(const TypeDefinition& type,
                                  const std::vector<const std::vector<Selection>*>& selections) const {
    return collect_fields(document_, type.name, selections,
                          [this](const std::vector<Directive>& directives) { return included(directives); });
  }

  bool included(const std::vector<Directive>& directives) const {
    return std::all_of(directives.begin(), directives.end(), [this](const Directive& directive) {
      const Type boolean{"Boolean", {}, true, {}};
      const Coerced coerced =
          coerce_literal(directive.arguments.front().value, boolean, schema_, variable_values());
      const auto* value = std::get_if<json::value>(&coerced);
      return value != nullptr && value->get_bool() == (directive.name == "include");
    });
  }

  OnVariable variable_values() const {
    return [this](const Variable& variable, const Type&, Location) -> std::optional<json::value> {
      const json::value* value = variables_.if_contains(variable.name);
      return value == nullptr ? std::nullopt : std::optional(*value);
    };
  }

  json::value root_field(const TypeDefinition& root, const FieldGroup& group) {
    const Field& field = *group.nodes.front().field;
    if (field.name == "__typename") return json::value(root.name);
    const FieldDefinition& definition = *root.field(field.name);
    auto arguments = arguments_of(field, definition);
    if (auto* misfit = std::get_if<Misfit>(&arguments)) {
      return refuse(group, {std::move(misfit->message), {}});
    }
    const auto resolver = resolvers_.find(root.name + '.' + field.name);
    if (resolver == resolvers_.end()) return refuse(group, {"nothing answers this field", {}});
    auto outcome = resolver->second(std::get<json::object>(arguments));
    if (auto* refusal = std::get_if<Refusal>(&outcome)) return refuse(group, std::move(*refusal));
    return complete(std::get<json::value>(outcome), definition.type, group);
  }

  json::value refuse(const FieldGroup& group, Refusal refusal) {
    errors_.push_back(to_json({std::move(refusal.message),
                               {group.nodes.front().at},
                               {group.response_name},
                               std::move(refusal.extensions)}));
    return nullptr;
  }

  std::variant<json::object, Misfit> arguments_of(const Field& field,
                                                  const FieldDefinition& definition) const {
    json::object values;
    for (const auto& wanted : definition.arguments) {
      const auto given = std::find_if(field.arguments.begin(), field.arguments.end(),
                                      [&](const Argument& one) { return one.name == wanted.name; });
      if (given == field.arguments.end()) continue;
      Coerced coerced = coerce_literal(given->value, wanted.type, schema_, variable_values());
      if (auto* misfit = std::get_if<Misfit>(&coerced)) return std::move(*misfit);
      if (auto* value = std::get_if<json::value>(&coerced)) values[wanted.name] = std::move(*value);
    }
    return values;
  }

  /// What was selected of a value that a resolver gave (CompleteValue, spec 6.4.3).
  json::value complete(const json::value& whole, const Type& type, const FieldGroup& group) const {
    if (whole.is_null()) return nullptr;
    if (type.is_list()) {
      json::array items;
      for (const auto& item : whole.as_array()) items.push_back(complete(item, type.element.front(), group));
      return items;
    }
    const TypeDefinition& definition = *schema_.find(type.name);
    if (definition.kind != TypeKind::object) return whole;
    json::object selected;
    for (const auto& inner : collect(definition, group.selections())) {
      const std::string& name = inner.nodes.front().field->name;
      selected[inner.response_name] =
          name == "__typename" ? json::value(definition.name)
                               : complete(whole.as_object().at(name), definition.field(name)->type, inner);
    }
    return selected;
  }

  const Document& document_;
  const Schema& schema_;
  const Resolvers& resolvers_;
  json::object variables_;
  json::array errors_;
};

}  // namespace

json::object execute(const Schema& schema, const Resolvers& resolvers, const Request& request) {
  auto parsed = parse(request.query);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) return failed({{error->message, {error->at}}});
  const auto& document = std::get<Document>(parsed);
  if (const auto errors = validate(document, schema); !errors.empty()) return failed(errors);
  const auto chosen = choose(document, request.operation_name);
  if (const auto* error = std::get_if<RequestError>(&chosen)) return failed({*error});
  const Operation& operation = *std::get<const Operation*>(chosen);
  auto variables = coerce_variables(operation, schema, request.variables);
  if (const auto* errors = std::get_if<std::vector<RequestError>>(&variables)) return failed(*errors);
  return Execution(document, schema, resolvers, std::get<json::object>(std::move(variables))).run(operation);
}

}  // namespace tongs::graphql
