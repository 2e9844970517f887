#pragma once
#include "gateway/main.hpp"

namespace tongs::cli {

/// Runs the gateway until it is told to stop.
int run_gateway(const gateway::Options& options);

}  // namespace tongs::cli
