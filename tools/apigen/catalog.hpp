#pragma once
#include <string>

#include <tongs/json.hpp>

#include "hand.hpp"
#include "model.hpp"

namespace apigen {

/// The API of a catalog (OpenAPI 3.0, as api/README.md reduces it).
Api read_catalog(std::string name, tongs::JsonView document, const Hand& hand);

}  // namespace apigen
