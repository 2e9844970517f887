#pragma once
#include <string_view>

#include "common/config/setting.hpp"

namespace tongs::gateway {

/// The word in `ingress.proxy_protocol` for whoever comes through the Unix socket.
inline constexpr std::string_view kUnixProxy = "unix";

/// Every setting of the gateway. `cores`: how many workers are the default.
config::Schema settings(unsigned cores);

}  // namespace tongs::gateway
