#pragma once
#include <vector>

#include "common/net/client.hpp"
#include "common/net/timer.hpp"
#include "common/net/transport.hpp"
#include "emulator/platform/attempt.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// The machine's time, as the emulator counts it.
RealTime real_now() noexcept;

/// Carries the platform's deliveries to the app's remotes: what an admin asks for, and by itself what becomes
/// due. It reaches remotes on this machine, and others only where an admin has said so by name: a manifest's
/// own base URL is somebody's production. Thread safety: none; lives in one reactor.
class Courier {
 public:
  Courier(net::Reactor& reactor, World& world);

  /// Attempts these deliveries now; ends when each has been attempted, or was given up before.
  net::Task<> attempt(std::vector<DeliveryId> deliveries);
  /// Attempts whatever becomes due, for as long as the reactor runs.
  net::Task<> run();
  /// Something may be due earlier than before.
  void wake() { timer_.cancel(); }

 private:
  net::Task<> attempt_one(DeliveryId id);
  net::Task<Outcome> send(const Attempt& attempt);
  bool may_reach(const HttpRequest& request, std::string_view remote) const;

  net::Reactor& reactor_;
  World& world_;
  net::Client client_;
  net::ClientTransport transport_;
  net::Timer timer_;
};

}  // namespace tongs::emulator
