#include "emulator/platform/world.hpp"

#include <utility>

#include "emulator/products/site_json.hpp"

namespace tongs::emulator {

Result<WorldKeys> WorldKeys::generate(Random& random) {
  auto fit = KeyRing::create(random);
  if (!fit) return std::move(fit).error();
  auto context = SigningKey::generate("forge/context-token/" + random_uuid(random));
  if (!context) return std::move(context).error();
  return WorldKeys{*std::move(fit), *std::move(context)};
}

std::unique_ptr<World> create_world(App app, WorldKeys keys, std::unique_ptr<Random> random, RealTime now) {
  Secret token_key = Secret::take(random_bytes(*random, 32));
  auto world = std::make_unique<World>(std::move(app), std::move(keys.fit), std::move(keys.context),
                                       std::move(token_key), std::move(random), now);
  world->environment_id = random_uuid(*world->random);
  world->directory.add_site(demo_site("demo", world->at(now).platform));
  return world;
}

}  // namespace tongs::emulator
