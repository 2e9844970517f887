#include "emulator/platform/auth_trigger.hpp"

#include <utility>

#include "emulator/platform/route.hpp"

namespace tongs::emulator {

std::string auth_trigger_url(const World& world, const Installation& installation) {
  return world.origin + std::string(kAuthTriggerPath) + installation.auth_trigger;
}

void give_auth_trigger(World& world, Installation& installation) {
  if (installation.auth_trigger.empty()) installation.auth_trigger = random_hex(*world.random, 32);
}

std::string next_auth_trigger_url(World& world, Installation& installation) {
  installation.next_auth_trigger = random_hex(*world.random, 32);
  return world.origin + std::string(kAuthTriggerPath) + installation.next_auth_trigger;
}

void accept_auth_trigger(Installation& installation) {
  if (!installation.next_auth_trigger.empty()) {
    installation.auth_trigger = std::exchange(installation.next_auth_trigger, {});
  }
}

Installation* find_auth_trigger(World& world, std::string_view secret) noexcept {
  for (const Installation* active : world.directory.active()) {
    if (secret.empty()) break;
    Installation& installation = *world.directory.find(active->id.str());
    if (installation.next_auth_trigger == secret) accept_auth_trigger(installation);
    if (installation.auth_trigger == secret) return &installation;
  }
  return nullptr;
}

std::variant<DeliveryId, Problem> push_token(World& world, const Installation& installation, Moment now) {
  const Remote* remote = world.app_run_by(installation).find_remote(world.auth_endpoint.remote);
  if (remote == nullptr) return Problem{"the app has no auth endpoint: PUT /_emulator/auth-endpoint", ""};
  auto base = remote_url(world, *remote, world.site_of(installation));
  if (auto* problem = std::get_if<Problem>(&base)) return std::move(*problem);
  auto url = join_path(std::get<std::string>(base), world.auth_endpoint.path, world.behaviour);
  if (auto* problem = std::get_if<Problem>(&url)) return std::move(*problem);
  Message message{.way = Way::auth_push, .installation = installation.id.str()};
  message.module_type = "core:endpoint";
  message.module_key = "auth-endpoint";
  message.remote = remote->key;
  message.url = std::get<std::string>(std::move(url));
  message.tokens = {.system = true, .user = false};
  message.auth_body = true;
  return world.deliveries.add(std::move(message), 0, now.platform);
}

}  // namespace tongs::emulator
