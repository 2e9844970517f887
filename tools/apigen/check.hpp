#pragma once
#include <string>
#include <vector>

#include <tongs/json.hpp>

#include "hand.hpp"
#include "model.hpp"

namespace apigen {

/// Why a document is no catalog that clients can be made of, a line each with the place in it as a JSON
/// Pointer (RFC 6901): no OpenAPI 3, something of another kind than it must be, an operation without an id, a
/// reference that leads nowhere or in a circle. Empty: it is one.
std::vector<std::string> problems(tongs::JsonView document);

/// Entries of the hand table that speak of nothing in the catalog any more, such as `answers: getSprint`.
std::vector<std::string> stale(const Hand& hand, tongs::JsonView document, const Api& api);

}  // namespace apigen
