#pragma once
#include <string>

namespace tongs::gateway {

struct Options {
  std::string config;         ///< path of the TOML file; empty: the environment alone
  bool check_config = false;  ///< print the effective configuration and end
};

/// `tongs gateway`: the exit status (DESIGN section 8).
int main(const Options& options);

}  // namespace tongs::gateway
