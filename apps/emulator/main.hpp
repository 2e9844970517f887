#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tongs::emulator {

struct Options {
  std::string manifest;  ///< path of the app's manifest.yml
  std::string listen = "127.0.0.1:7080";
  std::vector<std::string> hosts;    ///< names that it is called by, besides `localhost` and its addresses
  std::optional<std::string> state;  ///< folder in which the platform lives on
  std::optional<std::string> seed;   ///< JSON file with sites
  std::vector<std::pair<std::string, std::string>> remotes;  ///< key and base URL, in place of the manifest's
  std::vector<std::string> command;                          ///< run it once we are ready, end with it
};

/// `tongs emulator`: the exit status (DESIGN section 8), or that of the command.
int main(const Options& options);

}  // namespace tongs::emulator
