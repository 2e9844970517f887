#pragma once
#include "emulator/products/product_call.hpp"

namespace tongs::emulator {

/// What became of the wish for an issue.
struct NewIssue {
  json::object created;  ///< its id, key and address; empty if there are errors
  json::object errors;   ///< what is wrong, by field
};

/// Makes an issue with these fields, if they are right.
NewIssue make_issue(ProductCall& call, const json::object& fields);

}  // namespace tongs::emulator
