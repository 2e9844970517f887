#pragma once
#include <string_view>

#include "common/net/client.hpp"
#include "common/net/head.hpp"
#include "common/net/response.hpp"

namespace tongs::gateway {

/// With which a caller shows that he knows the secret of the egress.
inline constexpr std::string_view kEgressSecret = "tongs-egress-secret";

/// Says who the caller is or how he was reached: not for Atlassian.
bool is_private_header(std::string_view name) noexcept;

/// The header lines of a call to Atlassian: what the backend's request says about the call itself, with
/// `Host` and this token. What belongs to one hop (RFC 9110 7.6.1), what says who the caller is, and what
/// says how he was reached, stays here.
net::HeaderText upstream_headers(const net::RequestHead& request, const net::Destination& to,
                                 std::string_view token);

}  // namespace tongs::gateway
