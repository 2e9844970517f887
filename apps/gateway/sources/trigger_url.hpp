#pragma once
#include <string>
#include <string_view>
#include <vector>

#include <tongs/result.hpp>

namespace tongs::gateway {

/// Which URLs the gateway calls because an installation's record names them. Such a URL came over the
/// network, so it must not lead anywhere else than to the platform: https at a host of the list (`host`, or
/// `*.domain` for names below it) on the usual port, or the very origin of the installation's API, which the
/// invocation token proves. Only there may it be plain http, and then only on this machine.
/// Errors: invalid_argument.
Result<void> check_trigger_url(std::string_view url, std::string_view api_base_url,
                               const std::vector<std::string>& hosts);

}  // namespace tongs::gateway
