#pragma once
#include <vector>

#include "common/net/client.hpp"
#include "common/net/timer.hpp"
#include "common/net/transport.hpp"
#include "emulator/platform/attempt.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// Carries the platform's deliveries to the app's remotes: at once what an admin asks for, by itself what
/// becomes due. Thread safety: none; lives in one reactor.
class Courier {
 public:
  Courier(net::Reactor& reactor, World& world);

  /// Attempts all of these now, side by side; ends when none of them is under way any more.
  net::Task<> attempt(std::vector<DeliveryId> deliveries);
  /// Attempts whatever becomes due, for as long as the reactor runs.
  net::Task<> run();
  /// Something may be due earlier than before.
  void wake() { due_.cancel(); }

 private:
  /// Does nothing for a delivery that is not waiting.
  void start(DeliveryId id);
  net::Task<> carry(Attempt attempt);
  net::Task<Outcome> send(const Attempt& attempt);
  net::Task<> pause(Millis length);

  net::Reactor& reactor_;
  World& world_;
  net::Client client_;
  net::ClientTransport transport_;
  net::Timer due_;      ///< until the next delivery is due
  net::Timer settled_;  ///< never ends; cancelled whenever an attempt has come to its end
};

}  // namespace tongs::emulator
