#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "emulator/catalog/catalog.hpp"
#include "emulator/faults/fault.hpp"
#include "emulator/platform/app.hpp"
#include "emulator/platform/behaviour.hpp"
#include "emulator/platform/delivery_book.hpp"
#include "emulator/platform/directory.hpp"
#include "emulator/platform/emulator_clock.hpp"
#include "emulator/platform/event_log.hpp"
#include "emulator/platform/key_ring.hpp"
#include "emulator/platform/rate_window.hpp"
#include "emulator/platform/scheduler.hpp"
#include "emulator/platform/token_mint.hpp"

namespace tongs::emulator {

/// Both readings of one moment, as every operation of the platform takes it.
struct Moment {
  RealTime real;
  PlatformTime platform;
};

/// Where remotes live on this machine, by key.
using RemoteUrls = std::map<std::string, std::string, std::less<>>;

/// Where tokens go that an auth trigger asks for (contract 5.2.2, `authTriggerRemoteEndpoint`). How a
/// manifest would say it was never published, so an admin does.
struct AuthEndpoint {
  std::string remote;  ///< key; empty: installations have no auth trigger
  std::string path;
};

/// The whole emulated platform as data: one app, its sites, and everything that goes on. What happens to it
/// is in free functions, one file per operation; none of them waits, opens a socket or asks a clock.
/// Thread safety: none.
struct World {
  World(App deployed, KeyRing ring, SigningKey context_signer, Secret token_key,
        std::unique_ptr<Random> source, RealTime now)
      : app(std::move(deployed)),
        random(std::move(source)),
        clock(now),
        keys(std::move(ring)),
        context_key(std::move(context_signer)),
        mint(std::move(token_key)) {}

  App app;  ///< in its newest version
  /// Versions before that, by number, which installations run that wait for their admin's consent.
  std::map<std::string, App, std::less<>> earlier;
  std::string origin;          ///< scheme and authority under which this emulator is reached
  std::string environment_id;  ///< bare UUID
  std::unique_ptr<Random> random;
  Behaviour behaviour;
  EmulatorClock clock;
  Directory directory;
  Catalog catalog;
  KeyRing keys;
  SigningKey context_key;
  TokenMint mint;
  RateWindow offline_calls;
  Scheduler scheduler;
  DeliveryBook deliveries;
  FaultBook faults;
  EventLog log;
  RemoteUrls remote_urls;  ///< said by an option or an admin
  AuthEndpoint auth_endpoint;

  /// The app in the version that an installation runs.
  const App& app_run_by(const Installation& installation) const noexcept {
    const auto found = earlier.find(installation.app_version);
    return found == earlier.end() ? app : found->second;
  }
  Moment at(RealTime real) noexcept { return {real, clock.at(real)}; }
  void note(std::string_view kind, json::object facts, Moment now) {
    log.add(kind, std::move(facts), now.real, now.platform);
  }
  Site& site_of(const Installation& installation) { return *directory.find_cloud(installation.cloud_id); }
};

/// The keys that a world signs with.
struct WorldKeys {
  KeyRing fit;
  SigningKey context;

  /// Errors: internal.
  static Result<WorldKeys> generate(Random& random);
};

/// A new world with one site.
std::unique_ptr<World> create_world(App app, WorldKeys keys, std::unique_ptr<Random> random, RealTime now);

}  // namespace tongs::emulator
