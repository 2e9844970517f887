#pragma once
#include <optional>

#include <tongs/http.hpp>

#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// One attempt of a delivery, ready for the wire.
struct Attempt {
  DeliveryId delivery{};
  HttpRequest request = {};
  Millis limit{};                       ///< of the machine, for the whole attempt
  Millis delay{};                       ///< wait this long first
  bool twice = false;                   ///< send the same once more, without looking at the answer
  std::optional<Outcome> instead = {};  ///< do not send anything: this is what came of it
};

/// Makes the request: a fresh FIT, the tokens that are due, trace ids, and the caller's own headers behind
/// Forge's (contract 1.3). Nothing if the delivery is not waiting any more, or the keys failed, which the log
/// says.
std::optional<Attempt> begin_attempt(World& world, DeliveryId id, Moment now);

/// Records what came of it, and when it is tried again.
void finish_attempt(World& world, DeliveryId id, Outcome outcome, Moment now);

}  // namespace tongs::emulator
