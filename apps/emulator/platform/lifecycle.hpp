#pragma once
#include <variant>
#include <vector>

#include "emulator/platform/triggers.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

struct Installed {
  Installation* installation = nullptr;
  std::vector<Queued> events;
};

/// Installs the app: triggers hear of it, schedules start.
std::variant<Installed, InstallRefusal> install(World& world, const InstallWish& wish, Moment now);

/// The last act: schedules stop, tokens die, nothing waiting is delivered any more. What the app is to hear
/// before comes from `run_pre_uninstall`; the events are what it hears after, if the behaviour says so.
std::vector<Queued> uninstall(World& world, Installation& installation, Moment now);

/// When something happens by itself: a schedule, or a repetition.
std::optional<PlatformTime> next_due(const World& world);
/// Everything that is due now, as deliveries to attempt.
std::vector<DeliveryId> take_due(World& world, Moment now);

}  // namespace tongs::emulator
