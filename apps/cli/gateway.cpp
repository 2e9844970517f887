#include "cli/gateway.hpp"

namespace tongs::cli {

int run_gateway(const gateway::Options& options) { return gateway::main(options); }

}  // namespace tongs::cli
