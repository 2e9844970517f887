#include "emulator/platform/deploy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <boost/json/value_from.hpp>

namespace tongs::emulator {

namespace {

using manifest::Impact;

manifest::Diff change_between(const App& before, const App& after) {
  if (!before.manifest || !after.manifest) return {};
  return manifest::diff(*before.manifest, *after.manifest);
}

/// `2.0.0` or `1.4.0` after `1.3.0`.
std::string next_version(std::string_view version, Impact impact) {
  std::array<unsigned, 2> parts{};
  for (unsigned& part : parts) {
    const auto [end, failed] = std::from_chars(version.data(), version.data() + version.size(), part);
    version.remove_prefix(static_cast<std::size_t>(end - version.data()));
    if (failed != std::errc()) break;
    version.remove_prefix(std::min<std::size_t>(version.size(), 1));
  }
  const auto [major, minor] = parts;
  return impact == Impact::major ? std::to_string(major + 1) + ".0.0"
                                 : std::to_string(major) + "." + std::to_string(minor + 1) + ".0";
}

void move(World& world, Installation& installation, Moment now) {
  world.note("upgrade",
             {{"installationId", installation.id.str()},
              {"from", installation.app_version},
              {"to", world.app.version}},
             now);
  installation.app_version = world.app.version;
  world.scheduler.stop(installation.id.str());
  world.scheduler.start(installation.id.str(), world.app.modules, now.platform);
}

void forget_versions_that_nobody_runs(World& world) {
  std::erase_if(world.earlier, [&](const auto& version) {
    const auto active = world.directory.active();
    return std::none_of(active.begin(), active.end(), [&](const Installation* installation) {
      return installation->app_version == version.first;
    });
  });
}

}  // namespace

std::variant<Deployment, Problem> deploy(World& world, App fresh, Moment now) {
  if (fresh.id != world.app.id) {
    return Problem{"is of another app: the emulator has " + world.app.id.str(), "/app/id"};
  }
  Deployment done{.version = {}, .change = change_between(world.app, fresh)};
  done.version = fresh.version = next_version(world.app.version, done.change.current);
  world.note("deploy", {{"version", done.version}, {"impact", manifest::to_string(done.change.current)}},
             now);
  std::string before = world.app.version;
  world.earlier.insert_or_assign(std::move(before), std::exchange(world.app, std::move(fresh)));
  for (const Installation* active : world.directory.active()) {
    Installation& installation = *world.directory.find(active->id.str());
    const bool waits = change_between(world.app_run_by(installation), world.app).current == Impact::major;
    if (!waits) move(world, installation, now);
    (waits ? done.waiting : done.moved).push_back(&installation);
  }
  forget_versions_that_nobody_runs(world);
  return done;
}

std::vector<Queued> upgrade(World& world, Installation& installation, Moment now) {
  move(world, installation, now);
  forget_versions_that_nobody_runs(world);
  json::object payload = lifecycle_payload(world, installation);
  payload.erase("installerAccountId");
  payload["upgraderAccountId"] = installation.installer;
  payload["permissions"] = {{"scopes", json::value_from(world.app.scope_names())}};
  return emit_event(world, installation, std::string(kUpgradedEvent), payload, now);
}

}  // namespace tongs::emulator
