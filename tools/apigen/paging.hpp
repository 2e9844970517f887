#pragma once
#include <optional>

#include "hand.hpp"
#include "model.hpp"

namespace apigen {

/// How an operation is paged, by the names of its parameters and of what it answers; the hand table wins.
/// Nothing: it is not.
std::optional<Paging> paging_of(const Api& api, const Operation& operation, const Hand& hand);

}  // namespace apigen
