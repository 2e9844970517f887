#pragma once
#include <memory>
#include <string>

#include <tongs/result.hpp>

#include "emulator/main.hpp"
#include "emulator/platform/world.hpp"
#include "emulator/state_folder.hpp"

namespace tongs::emulator {

/// A world, and the folder in which it lives on, if it does.
struct OpenedWorld {
  std::unique_ptr<World> world;
  std::unique_ptr<StateFolder> folder;

  /// Writes the world into its folder. Errors: storage_failed, internal.
  Result<void> save() const;
};

/// What went wrong with one of the files of the options, for the person who wrote it.
struct OpenProblem {
  std::string file;
  std::string message;
};

/// The world that the options ask for: the app of the manifest, on the sites of the saved state, of the seed,
/// or on the demo site.
std::variant<OpenedWorld, OpenProblem> open_world(const Options& options);

/// Puts the sites, and the behaviour if there is one, of a seed file in place of the demo site.
Problem apply_seed(World& world, const std::string& text, PlatformTime now);

}  // namespace tongs::emulator
