#pragma once
#include <string>

#include <tongs/json.hpp>

#include "model.hpp"

namespace apigen {

/// A document of upstream without its prose, examples and links: what api/README.md says of catalogs. Members
/// are in the order of their names, so that two catalogs can be compared line by line.
std::string reduced(tongs::JsonView document, int indent = 0);

/// What a newer catalog changes for those who call it, a line each. Empty: nothing.
std::string changes(const Api& before, const Api& after);

}  // namespace apigen
