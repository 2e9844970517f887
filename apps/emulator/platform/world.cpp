#include "emulator/platform/world.hpp"

#include <utility>

#include "emulator/products/site_json.hpp"

namespace tongs::emulator {

Result<std::unique_ptr<World>> create_world(App app, std::unique_ptr<Random> random, RealTime now) {
  auto keys = KeyRing::create(*random);
  if (!keys) return std::move(keys).error();
  auto context_key = SigningKey::generate("forge/context-token/" + random_uuid(*random));
  if (!context_key) return std::move(context_key).error();
  Secret token_key = Secret::take(random_bytes(*random, 32));
  auto world = std::make_unique<World>(std::move(app), *std::move(keys), *std::move(context_key),
                                       std::move(token_key), std::move(random), now);
  world->environment_id = random_uuid(*world->random);
  world->directory.add_site(demo_site("demo", world->at(now).platform));
  return world;
}

}  // namespace tongs::emulator
