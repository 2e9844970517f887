#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/result.hpp>

#include "common/config/finding.hpp"
#include "common/config/setting.hpp"
#include "common/config/values.hpp"

namespace tongs::config {

/// Variables of the environment by name.
using Environment = std::map<std::string, std::string, std::less<>>;
/// Those of this process. Thread safety: none; before threads start.
Environment process_environment();

/// A configuration file that was read.
struct Source {
  std::string name = {};  ///< as findings call it; empty: there is no file
  std::string text = {};
  std::filesystem::path directory = {};  ///< relative paths are below it
};

/// Reads a file of at most 1 MiB; `path` empty: there is none, relative paths are below the working
/// directory. Errors: not_found (it is not there, or cannot be read).
Result<Source> read_source(const std::string& path);

struct Loaded {
  Values values;  ///< without those that something is wrong with
  std::vector<Finding> findings;
};

/// The values of all settings: from `TONGS_<SECTION>_<KEY>`, else from the file, else the fallback. Unknown
/// sections, keys and variables of known sections are findings too; other variables are not looked at.
/// Precondition: every fallback is a value of its setting (else std::logic_error is thrown).
Loaded load(Schema schema, const Source& source, const Environment& environment);

/// Puts findings into the order in which a person works them off: down the file, then the environment.
void sort(std::vector<Finding>& findings);

}  // namespace tongs::config
