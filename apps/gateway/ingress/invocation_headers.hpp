#pragma once
#include <string>
#include <string_view>

#include <tongs/fit.hpp>

#include "common/net/response.hpp"

namespace tongs::gateway {

/// What the backend learns of a verified invocation: the `Forge-*` header lines (DESIGN section 8), and
/// the id by which the egress knows it. `token` is the one that was verified: its claims stand in it as
/// `Forge-Invocation` has them, in canonical base64url.
net::HeaderText invocation_headers(const VerifiedInvocation& invocation, std::string_view token);

/// Is this one of those names? Incoming ones are removed first, so nobody but the gateway can set them.
bool is_invocation_header(std::string_view name) noexcept;

}  // namespace tongs::gateway
