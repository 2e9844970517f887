#pragma once
#include <tongs/adapter.hpp>
#include <tongs/result.hpp>

#include "cli/api.hpp"

namespace tongs::cli {

/// The request that a command line means. Errors: invalid_argument, with the option that is wrong (a file
/// that cannot be read, a body that is no JSON, a pair without `=`).
Result<ApiRequest> request_of(const ApiOptions& options);

}  // namespace tongs::cli
