#include "common/graphql/validation.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "common/graphql/coercion.hpp"
#include "common/graphql/collect.hpp"

namespace tongs::graphql {

namespace {

/// Fragments may multiply what a short document asks for; this many fields are looked at, at most.
constexpr std::size_t kMaxFields = 100'000;

bool same_value(const Value& a, const Value& b);

struct SameData {
  template <class A, class B>
  bool operator()(const A&, const B&) const {
    return false;
  }
  bool operator()(const NullValue&, const NullValue&) const { return true; }
  bool operator()(bool a, bool b) const { return a == b; }
  bool operator()(const IntValue& a, const IntValue& b) const { return a.text == b.text; }
  bool operator()(const FloatValue& a, const FloatValue& b) const { return a.text == b.text; }
  bool operator()(const StringValue& a, const StringValue& b) const { return a.text == b.text; }
  bool operator()(const EnumValue& a, const EnumValue& b) const { return a.name == b.name; }
  bool operator()(const Variable& a, const Variable& b) const { return a.name == b.name; }
  bool operator()(const ListValue& a, const ListValue& b) const {
    return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same_value);
  }
  bool operator()(const ObjectValue& a, const ObjectValue& b) const {
    return std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
                      [](const ObjectField& x, const ObjectField& y) {
                        return x.name == y.name && same_value(x.value, y.value);
                      });
  }
};

bool same_value(const Value& a, const Value& b) { return std::visit(SameData{}, a.data, b.data); }

bool same_call(const Field& a, const Field& b) {
  return a.name == b.name && a.arguments.size() == b.arguments.size() &&
         std::all_of(a.arguments.begin(), a.arguments.end(), [&](const Argument& one) {
           return std::any_of(b.arguments.begin(), b.arguments.end(), [&](const Argument& other) {
             return one.name == other.name && same_value(one.value, other.value);
           });
         });
}

/// May a value of type `given` stand where `wanted` is expected (AreTypesCompatible, spec 5.8.5)?
bool compatible(const Schema& schema, const Type& given, const Type& wanted, bool never_null) {
  if (wanted.non_null && !given.non_null && !never_null) return false;
  if (given.is_list() != wanted.is_list()) return false;
  if (given.is_list()) return compatible(schema, given.element.front(), wanted.element.front(), false);
  return schema.takes_variable(given.name, wanted.name);
}

const Type& innermost(const Type& type) { return type.is_list() ? innermost(type.element.front()) : type; }

class Validator {
 public:
  Validator(const Document& document, const Schema& schema) : document_(document), schema_(schema) {}

  std::vector<RequestError> run() {
    check_names();
    check_fragments();
    if (errors_.empty()) {
      for (const auto& operation : document_.operations) check_operation(operation);
    }
    return std::move(errors_);
  }

 private:
  void report(std::string message, Location at) { errors_.push_back({std::move(message), {at}}); }

  void check_names() {
    std::set<std::string_view> operations, fragments;
    for (const auto& operation : document_.operations) {
      if (operation.name.empty() && document_.operations.size() > 1) {
        report("an operation without a name must be the only one", operation.at);
      } else if (!operations.insert(operation.name).second) {
        report("there are two operations named " + operation.name, operation.at);
      }
    }
    for (const auto& fragment : document_.fragments) {
      if (!fragments.insert(fragment.name).second) {
        report("there are two fragments named " + fragment.name, fragment.at);
      }
    }
  }

  void check_fragments() {
    std::set<std::string> used;
    for (const auto& operation : document_.operations) follow_spreads(operation.selections, {}, used);
    for (const auto& fragment : document_.fragments) {
      const TypeDefinition* type = schema_.find(fragment.type_condition);
      if (type == nullptr || type->kind != TypeKind::object) {
        report(
            "fragment " + fragment.name + " is on " + fragment.type_condition + ", which is no object type",
            fragment.at);
      }
      if (!used.contains(fragment.name)) report("fragment " + fragment.name + " is not used", fragment.at);
    }
  }

  /// Marks every fragment that is reached, and reports unknown ones and those that reach themselves.
  void follow_spreads(const std::vector<Selection>& selections, const std::vector<std::string_view>& way,
                      std::set<std::string>& used) {
    for (const auto& selection : selections) {
      if (const auto* field = std::get_if<Field>(&selection.data)) {
        follow_spreads(field->selections, way, used);
      } else if (const auto* inner = std::get_if<InlineFragment>(&selection.data)) {
        follow_spreads(inner->selections, way, used);
      } else {
        follow_spread(std::get<FragmentSpread>(selection.data).name, selection.at, way, used);
      }
    }
  }

  void follow_spread(const std::string& name, Location at, const std::vector<std::string_view>& way,
                     std::set<std::string>& used) {
    if (std::find(way.begin(), way.end(), name) != way.end()) {
      return report("fragment " + name + " contains itself", at);
    }
    const Fragment* fragment = find_fragment(document_, name);
    if (fragment == nullptr) return report("there is no fragment " + name, at);
    if (!used.insert(name).second) return;
    auto longer = way;
    longer.push_back(name);
    follow_spreads(fragment->selections, longer, used);
  }

  void check_operation(const Operation& operation) {
    const TypeDefinition* root = schema_.root(operation.kind);
    if (root == nullptr) return report("operations of this kind are not served here", operation.at);
    definitions_.clear();
    used_variables_.clear();
    for (const auto& definition : operation.variables) check_definition(definition);
    if (!operation.directives.empty()) check_directives(operation.directives, false);
    check_level(*root, {&operation.selections});
    for (const auto& definition : operation.variables) {
      if (!used_variables_.contains(definition.name)) {
        report("variable $" + definition.name + " is not used", definition.at);
      }
    }
  }

  void check_definition(const VariableDefinition& definition) {
    if (!definitions_.emplace(definition.name, &definition).second) {
      report("there are two variables $" + definition.name, definition.at);
    }
    const TypeDefinition* type = schema_.find(innermost(definition.type).name);
    if (type == nullptr || type->kind == TypeKind::object) {
      return report("variable $" + definition.name + " has type " + to_string(definition.type) +
                        ", which is no input type",
                    definition.at);
    }
    if (definition.default_value) check_value(*definition.default_value, definition.type);
    check_directives(definition.directives, false);
  }

  void check_value(const Value& value, const Type& type) {
    const Coerced coerced = coerce_literal(value, type, schema_, usage());
    if (const auto* misfit = std::get_if<Misfit>(&coerced)) report(misfit->message, misfit->at);
  }

  /// Checks that a variable may stand where it does; its value, unknown yet, counts as fitting.
  OnVariable usage() {
    return [this](const Variable& variable, const Type& wanted, Location at) {
      const auto found = definitions_.find(variable.name);
      if (found == definitions_.end()) {
        report("variable $" + variable.name + " is not defined", at);
      } else {
        used_variables_.insert(variable.name);
        const VariableDefinition& definition = *found->second;
        const bool never_null =
            definition.default_value && !std::holds_alternative<NullValue>(definition.default_value->data);
        if (!compatible(schema_, definition.type, wanted, never_null)) {
          report("variable $" + variable.name + " of type " + to_string(definition.type) +
                     " cannot stand where " + to_string(wanted) + " is expected",
                 at);
        }
      }
      return std::optional<boost::json::value>(true);
    };
  }

  void check_level(const TypeDefinition& type, const std::vector<const std::vector<Selection>*>& selections) {
    std::set<std::string_view> visited;
    for (const auto* set : selections) check_fragments_of(type, *set, visited);
    for (const auto& group :
         collect_fields(document_, type.name, selections, [](const auto&) { return true; })) {
      if (fields_ > kMaxFields) return;
      check_group(type, group);
    }
  }

  /// Directives, and that each fragment of a level can apply to its type at all.
  void check_fragments_of(const TypeDefinition& type, const std::vector<Selection>& selections,
                          std::set<std::string_view>& visited) {
    for (const auto& selection : selections) {
      std::visit([&](const auto& data) { check_directives(data.directives, true); }, selection.data);
      if (const auto* inner = std::get_if<InlineFragment>(&selection.data)) {
        const bool applies = inner->type_condition.empty() || inner->type_condition == type.name;
        if (!applies)
          report("a fragment on " + inner->type_condition + " cannot apply to " + type.name, selection.at);
        if (applies) check_fragments_of(type, inner->selections, visited);
      } else if (const auto* spread = std::get_if<FragmentSpread>(&selection.data)) {
        const Fragment& fragment = *find_fragment(document_, spread->name);
        const bool applies = fragment.type_condition == type.name;
        if (!applies) report("fragment " + spread->name + " cannot apply to " + type.name, selection.at);
        if (applies && visited.insert(spread->name).second) {
          check_directives(fragment.directives, false);
          check_fragments_of(type, fragment.selections, visited);
        }
      }
    }
  }

  void check_group(const TypeDefinition& type, const FieldGroup& group) {
    const auto& first = group.nodes.front();
    fields_ += group.nodes.size();
    if (fields_ > kMaxFields) return report("the document asks for too many fields", first.at);
    for (const auto& node : group.nodes) {
      if (!same_call(*first.field, *node.field)) {
        return report(
            group.response_name + " stands for two different fields; give one of them another alias",
            node.at);
      }
    }
    if (first.field->name == "__typename") return;
    const FieldDefinition* definition = type.field(first.field->name);
    if (definition == nullptr) {
      return report("type " + type.name + " has no field " + first.field->name, first.at);
    }
    check_arguments(first.field->arguments, definition->arguments, "field " + definition->name, first.at);
    check_selections(*definition, group);
  }

  void check_selections(const FieldDefinition& definition, const FieldGroup& group) {
    const TypeDefinition* inner = schema_.find(innermost(definition.type).name);
    const bool composite = inner != nullptr && inner->kind == TypeKind::object;
    for (const auto& node : group.nodes) {
      const bool selects = !node.field->selections.empty();
      if (composite && !selects) {
        return report("field " + definition.name + " of type " + to_string(definition.type) +
                          " needs a selection of its fields: { … }",
                      node.at);
      }
      if (!composite && selects) {
        return report(
            "field " + definition.name + " of type " + to_string(definition.type) + " has no fields",
            node.at);
      }
    }
    if (composite) check_level(*inner, group.selections());
  }

  void check_arguments(const std::vector<Argument>& given, const std::vector<InputDefinition>& wanted,
                       const std::string& owner, Location at) {
    std::set<std::string_view> seen;
    for (const auto& argument : given) {
      const auto known = std::find_if(wanted.begin(), wanted.end(),
                                      [&](const InputDefinition& one) { return one.name == argument.name; });
      if (known == wanted.end()) {
        report(owner + " has no argument " + argument.name, argument.at);
      } else if (!seen.insert(argument.name).second) {
        report("argument " + argument.name + " stands twice", argument.at);
      } else {
        check_value(argument.value, known->type);
      }
    }
    for (const auto& one : wanted) {
      if (one.type.non_null && !seen.contains(one.name)) {
        report(owner + " needs the argument " + one.name + " of type " + to_string(one.type), at);
      }
    }
  }

  /// `conditional`: a place where @skip and @include may stand; no other directive is served.
  void check_directives(const std::vector<Directive>& directives, bool conditional) {
    static const std::vector<InputDefinition> condition{input("if", "Boolean!")};
    std::set<std::string_view> seen;
    for (const auto& directive : directives) {
      const std::string shown = "directive @" + directive.name;
      if (directive.name != "skip" && directive.name != "include") {
        report(shown + " is not known here", directive.at);
      } else if (!conditional) {
        report(shown + " cannot stand here", directive.at);
      } else if (!seen.insert(directive.name).second) {
        report(shown + " stands twice", directive.at);
      } else {
        check_arguments(directive.arguments, condition, shown, directive.at);
      }
    }
  }

  const Document& document_;
  const Schema& schema_;
  std::vector<RequestError> errors_;
  std::map<std::string_view, const VariableDefinition*> definitions_;
  std::set<std::string_view> used_variables_;
  std::size_t fields_ = 0;
};

}  // namespace

std::vector<RequestError> validate(const Document& document, const Schema& schema) {
  return Validator(document, schema).run();
}

}  // namespace tongs::graphql
