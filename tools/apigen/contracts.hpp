#pragma once
#include <tongs/json.hpp>

#include "emit.hpp"
#include "hand.hpp"
#include "model.hpp"

namespace apigen {

/// `contracts/NAME.cpp`, for whoever serves the API: one text that has a line for each operation and each
/// schema of the catalog, `O name` or `S key`, a tab, and JSON. An operation has the `status` that it
/// succeeds with, the schema of its `answer` and that of its `body`; what calls of it are otherwise is in the
/// table of operations. Lines that are also in `shared`, the contracts of the API whose types this one
/// shares, are left out. Gives the text.
std::string emit_contracts(const Api& api, const Hand& hand, tongs::JsonView document,
                           const std::string& shared, Files& files);

}  // namespace apigen
