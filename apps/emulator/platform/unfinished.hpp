#pragma once
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// Events and scheduled runs that have not reached their remote yet, so that they outlive the process. One
/// whose attempt is under way counts as not attempted: it may be delivered twice, as Forge itself may
/// (contract 1.2.9).
json::object unfinished_json(const DeliveryBook& deliveries);

/// Takes up what `unfinished_json` wrote.
void read_unfinished(Members& members, World& world, Moment now);

}  // namespace tongs::emulator
