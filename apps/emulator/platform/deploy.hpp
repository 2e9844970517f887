#pragma once
#include <string>
#include <variant>
#include <vector>

#include <tongs/manifest/diff.hpp>

#include "emulator/platform/triggers.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// A version that was deployed.
struct Deployment {
  std::string version;
  manifest::Diff change;  ///< from the version before it
  std::vector<const Installation*> moved = {};
  std::vector<const Installation*> waiting = {};
};

/// Deploys a changed app. As the manifest reference says (contract 8.5), an installation moves at once if the
/// change from the version that it runs is minor, and runs that version on until its admin consents if it is
/// major. A problem if it is another app.
std::variant<Deployment, Problem> deploy(World& world, App fresh, Moment now);

/// The admin consents: the installation moves to the newest version, whose triggers hear of it (contract
/// 7.1.2). Precondition: it is active and runs an earlier one.
std::vector<Queued> upgrade(World& world, Installation& installation, Moment now);

}  // namespace tongs::emulator
