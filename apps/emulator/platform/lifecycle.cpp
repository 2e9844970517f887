#include "emulator/platform/lifecycle.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "emulator/platform/auth_trigger.hpp"

namespace tongs::emulator {

std::variant<Installed, InstallRefusal> install(World& world, const InstallWish& wish, Moment now) {
  auto made = world.directory.install(wish, world.app, *world.random, now.platform);
  if (auto* refusal = std::get_if<InstallRefusal>(&made)) return std::move(*refusal);
  Installation& installation = *std::get<Installation*>(made);
  world.scheduler.start(installation.id.str(), world.app_run_by(installation).modules, now.platform);
  if (!world.auth_endpoint.remote.empty()) give_auth_trigger(world, installation);
  world.note("install", {{"installationId", installation.id.str()}, {"cloudId", installation.cloud_id}}, now);
  auto events = emit_event(world, installation, std::string(kInstalledEvent),
                           lifecycle_payload(world, installation), now);
  return Installed{&installation, std::move(events)};
}

std::vector<Queued> uninstall(World& world, Installation& installation, Moment now) {
  world.scheduler.stop(installation.id.str());
  world.deliveries.drop_waiting(installation.id.str());
  world.mint.forget(installation.id.str());
  installation.uninstalled_at = now.platform;
  world.note("uninstall", {{"installationId", installation.id.str()}, {"cloudId", installation.cloud_id}},
             now);
  if (!world.behaviour.uninstalled_event) return {};
  return emit_event(world, installation, std::string(kUninstalledEvent),
                    lifecycle_payload(world, installation), now);
}

std::optional<PlatformTime> next_due(const World& world) {
  const auto run = world.scheduler.next(), retry = world.deliveries.next();
  if (!run || !retry) return run ? run : retry;
  return std::min(*run, *retry);
}

std::vector<DeliveryId> take_due(World& world, Moment now) {
  for (const auto& run : world.scheduler.take_due(now.platform)) {
    const Installation* installation = world.directory.find(run.installation);
    const Module* module =
        installation == nullptr ? nullptr : world.app_run_by(*installation).find_module(run.module);
    if (module == nullptr) continue;                         // of a saved state with another manifest
    (void)run_schedule(world, *installation, *module, now);  // a skipped run is in the log
  }
  return world.deliveries.due(now.platform);
}

}  // namespace tongs::emulator
