#include "emulator/platform/triggers.hpp"

#include <algorithm>
#include <utility>

#include "emulator/base/json_text.hpp"
#include "emulator/platform/auth_trigger.hpp"
#include "emulator/platform/route.hpp"

namespace tongs::emulator {

namespace {

/// Larger product events are not delivered (contract 1.2.10).
constexpr std::size_t kMostEventBytes = 200'000;

/// The part that all calls of the platform's own have in common.
std::variant<Message, Problem> message_of(World& world, const Installation& installation,
                                          const Module& module, Way way) {
  const App& app = world.app_run_by(installation);
  const Endpoint* endpoint = app.find_endpoint(module.endpoint);
  const Remote* remote = endpoint == nullptr ? nullptr : app.find_remote(endpoint->remote);
  if (remote == nullptr) return Problem{"its endpoint leads to no remote of the manifest", ""};
  auto base = remote_url(world, *remote, world.site_of(installation));
  if (auto* problem = std::get_if<Problem>(&base)) return std::move(*problem);
  auto url = join_path(std::get<std::string>(base), endpoint->path, world.behaviour);
  if (std::holds_alternative<Problem>(url)) {
    return Problem{"route.path of its endpoint does not make a URL with the remote's base URL", ""};
  }
  Message message{.way = way, .installation = installation.id.str()};
  message.module_type = "core:endpoint";
  message.module_key = module.key;
  message.remote = remote->key;
  message.url = std::get<std::string>(std::move(url));
  message.tokens = {token_wish(*endpoint, *remote, world.behaviour).system, false};
  message.fit_context = json::object{{"cloudId", installation.cloud_id}, {"moduleKey", module.key}};
  return message;
}

void note_skipped(World& world, Way way, const std::string& module, const std::string& installation,
                  const std::string& reason, Moment now) {
  world.note(
      "skipped",
      {{"way", to_string(way)}, {"module", module}, {"installationId", installation}, {"reason", reason}},
      now);
}

std::variant<DeliveryId, Problem> queue(World& world, const Installation& installation, const Module& module,
                                        Way way, const std::function<void(Message&)>& fill, Moment now) {
  auto message = message_of(world, installation, module, way);
  if (auto* problem = std::get_if<Problem>(&message)) {
    note_skipped(world, way, module.key, installation.id.str(), problem->message, now);
    return std::move(*problem);
  }
  fill(std::get<Message>(message));
  return world.deliveries.add(std::get<Message>(std::move(message)), retries(way, world.behaviour),
                              now.platform);
}

json::value event_body(const std::string& name, const json::object& payload, bool wrapped) {
  json::object body = payload;
  body["eventType"] = name;
  return wrapped ? json::value{{"payload", std::move(body)}} : json::value(std::move(body));
}

}  // namespace

bool is_trigger(const Module& module) noexcept {
  return module.type == "trigger" || module.type == "scheduledTrigger" || module.type == "preUninstall" ||
         module.type == "consumer";
}

std::vector<Queued> emit_event(World& world, const Installation& installation, const std::string& name,
                               const json::object& payload, Moment now) {
  std::vector<Queued> all;
  const json::value body = event_body(name, payload, world.behaviour.wrapped_events);
  const bool too_large = json_text(body).size() > kMostEventBytes;
  for (const auto& module : world.app_run_by(installation).modules) {
    const bool listens = module.type == "trigger" &&
                         std::find(module.events.begin(), module.events.end(), name) != module.events.end();
    if (!listens) continue;
    Queued queued{module.key, installation.id.str(), Problem{"the event is larger than 200 kB", ""}};
    if (!too_large) {
      queued.what = queue(
          world, installation, module, Way::event,
          [&](Message& message) {
            message.event = name;
            message.body = body;
          },
          now);
    }
    all.push_back(std::move(queued));
  }
  return all;
}

json::object lifecycle_payload(const World& world, const Installation& installation) {
  const App& app = world.app_run_by(installation);
  json::object payload{{"id", installation.id.bare()},
                       {"context", context_ari(installation.products.front(), installation.cloud_id)},
                       {"app",
                        {{"id", app.id.bare()},
                         {"name", app.name},
                         {"ownerAccountId", app_account(app)},
                         {"version", installation.app_version}}},
                       {"environment", {{"id", world.environment_id}}},
                       {"installerAccountId", installation.installer}};
  if (!installation.auth_trigger.empty()) {
    payload["authTriggerUrl"] = auth_trigger_url(world, installation);
  }
  return payload;
}

std::variant<DeliveryId, Problem> run_schedule(World& world, const Installation& installation,
                                               const Module& module, Moment now) {
  return queue(
      world, installation, module, Way::schedule, [](Message& message) { message.context_body = true; }, now);
}

void resume(World& world, Delivery begun, Moment now) {
  const Message& old = begun.message;
  const Installation* installation = world.directory.find(old.installation);
  const Module* module =
      installation == nullptr ? nullptr : world.app_run_by(*installation).find_module(old.module_key);
  std::variant<Message, Problem> fresh = Problem{"its trigger is gone since it was begun", ""};
  if (module != nullptr && is_trigger(*module)) {
    fresh = message_of(world, *installation, *module, old.way);
  }
  if (const auto* problem = std::get_if<Problem>(&fresh)) {
    return note_skipped(world, old.way, old.module_key, old.installation, problem->message, now);
  }
  auto& message = std::get<Message>(fresh);
  message.event = old.event;
  message.body = old.body;
  message.context_body = old.way == Way::schedule;
  begun.message = std::move(message);
  world.deliveries.restore(std::move(begun));
}

std::vector<Queued> run_pre_uninstall(World& world, const Installation& installation, Moment now) {
  std::vector<Queued> all;
  for (const auto& module : world.app_run_by(installation).modules) {
    if (module.type != "preUninstall") continue;
    all.push_back({module.key, installation.id.str(),
                   queue(
                       world, installation, module, Way::pre_uninstall,
                       [](Message& message) { message.context_body = true; }, now)});
  }
  return all;
}

}  // namespace tongs::emulator
