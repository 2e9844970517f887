#pragma once
#include <tongs/error.hpp>

#include "common/net/response.hpp"

namespace tongs::gateway {

/// What a listener of ours answers where there is nothing but this error to say (RFC 9457), with
/// `Retry-After` if it knows when.
net::Response problem(const Error& error);

}  // namespace tongs::gateway
