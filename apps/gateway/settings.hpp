#pragma once
#include "common/config/setting.hpp"

namespace tongs::gateway {

/// Every setting of the gateway. `cores`: how many workers are the default.
config::Schema settings(unsigned cores);

}  // namespace tongs::gateway
