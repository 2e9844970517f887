#pragma once
#include <string>

#include <tongs/json.hpp>

#include "model.hpp"

namespace apigen {

/// A document of upstream without its prose, examples, links and flags at their default: what api/README.md
/// says of catalogs. Members are in the order of their names, with an operation or a schema on each line, so
/// that two catalogs can be compared line by line.
std::string reduced(tongs::JsonView document);

/// What a newer catalog changes for those who call it, a line each. Empty: nothing.
std::string changes(const Api& before, const Api& after);

/// Is a newer document of another API? Fewer than half of the operations are still there.
bool is_another_api(const Api& before, const Api& after);

}  // namespace apigen
