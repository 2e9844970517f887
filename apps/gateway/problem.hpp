#pragma once
#include <tongs/error.hpp>

#include "common/net/response.hpp"

namespace tongs::gateway {

/// The answer that tells a backend or an administrator of a failure (RFC 9457), with `Retry-After` if it is
/// known.
net::Response problem(const Error& error);

}  // namespace tongs::gateway
