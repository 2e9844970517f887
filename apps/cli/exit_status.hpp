#pragma once

namespace tongs::cli {

/// What every verb returns. A script can tell "your file is wrong" from "I broke".
enum ExitStatus : int {
  kFine = 0,
  kFindings = 1,  ///< findings of severity error, an app that is not eligible, a refused token
  kUsage = 2,     ///< a command line that makes no sense, or input that cannot be read
  kFailure = 3,   ///< our own failure, the network, or a server that refuses
};

}  // namespace tongs::cli
