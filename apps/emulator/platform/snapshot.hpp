#pragma once
#include <memory>
#include <variant>

#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// Everything of a world that lives on after its process: keys, sites, installations, schedules, behaviour,
/// remotes, the clock, faults, and events and scheduled runs that have not reached their remote. Invocations,
/// whose caller is gone, and the log do not. It holds private keys: keep it secret. Errors: internal.
Result<json::object> save_world(World& world, Moment now);

/// The world that was saved, for the app as its manifest says now, with `remotes` in place of what was said
/// of them before. Scheduled triggers start anew if the manifest has other ones than before, as a deployment
/// makes them (contract 1.6.15).
std::variant<std::unique_ptr<World>, Problem> restore_world(const json::object& saved, App app,
                                                            const RemoteUrls& remotes,
                                                            std::unique_ptr<Random> random, RealTime now);

}  // namespace tongs::emulator
