#pragma once
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "common/graphql/ast.hpp"
#include "common/graphql/error.hpp"
#include "common/graphql/schema.hpp"

namespace tongs::graphql {

/// Why a value does not fit its type.
struct Misfit {
  std::string message;
  Location at = {};  ///< of the literal; meaningless for JSON
};

/// A variable for which no value was given: what it stands for counts as left out.
struct Absent {};

using Coerced = std::variant<boost::json::value, Absent, Misfit>;

/// The value of a variable where `expected` is wanted, coerced by its definition; nothing: none was given.
using OnVariable =
    std::function<std::optional<boost::json::value>(const Variable&, const Type& expected, Location at)>;

/// A literal of a document as a value of `type` (spec 3.5 to 3.12, "input coercion").
Coerced coerce_literal(const Value& literal, const Type& type, const Schema& schema,
                       const OnVariable& on_variable);

/// A JSON value, as variables bring it, as a value of `type`.
Coerced coerce_json(const boost::json::value& given, const Type& type, const Schema& schema);

/// The variables of an operation, defaults filled in and without those that were not given
/// (CoerceVariableValues, spec 6.1.2), or every misfit.
std::variant<boost::json::object, std::vector<RequestError>> coerce_variables(
    const Operation& operation, const Schema& schema, const boost::json::object& given);

}  // namespace tongs::graphql
