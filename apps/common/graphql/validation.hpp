#pragma once
#include <vector>

#include "common/graphql/ast.hpp"
#include "common/graphql/error.hpp"
#include "common/graphql/schema.hpp"

namespace tongs::graphql {

/// Every rule of spec section 5 that concerns a schema of objects and scalars: names of operations and
/// fragments, fields, arguments, selection sets, fragment types and cycles, variables and where they stand,
/// directives, and fields of one response name that contradict each other. Empty: the document is valid.
/// Thread safety: any.
std::vector<RequestError> validate(const Document& document, const Schema& schema);

}  // namespace tongs::graphql
