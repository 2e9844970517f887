#pragma once
#include <cstddef>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

namespace tongs {

/// So many random bytes in base64url. Errors: internal (the system gives none).
Result<Secret> random_text(std::size_t bytes);

}  // namespace tongs
