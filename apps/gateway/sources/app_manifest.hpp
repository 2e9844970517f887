#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/ids.hpp>
#include <tongs/result.hpp>

namespace tongs::gateway {

/// What the app's manifest says about where tokens come from.
struct ManifestFacts {
  std::optional<AppId> app = {};               ///< empty: it does not say, or nothing that is an id
  std::vector<std::string> schedule_modules;   ///< keys of `scheduledTrigger` modules with an endpoint
  std::vector<std::string> uninstall_modules;  ///< the same of `preUninstall`
  std::vector<std::string> warnings;           ///< why no token, or no fresh one, will come by itself
};

ManifestFacts facts_of_manifest(std::string_view text);
/// Errors: invalid_argument (no such file, larger than a manifest may be).
Result<ManifestFacts> read_app_manifest(const std::filesystem::path& file);

}  // namespace tongs::gateway
