#pragma once
#include "model.hpp"

namespace apigen {

/// Marks the types of `api` that are, with everything they lead to, equal to those of `other` with the same
/// key. They get its names too.
void share_types(Api& api, const Api& other);

}  // namespace apigen
