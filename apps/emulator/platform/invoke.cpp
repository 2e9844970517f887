#include "emulator/platform/invoke.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/nearest.hpp"
#include "emulator/platform/route.hpp"
#include "emulator/platform/triggers.hpp"
#include "http/header_rules.hpp"

namespace tongs::emulator {

namespace {

/// Largest body of an invocation that a browser sends, and that anything else does (contract 1.5).
constexpr std::size_t kMostUiBytes = std::size_t{500} * 1024;
constexpr std::size_t kMostBytes = std::size_t{5} * 1024 * 1024;
constexpr std::array<std::string_view, 5> kUiMethods{"GET", "POST", "PUT", "PATCH", "DELETE"};

/// The module type as a FIT says it: a macro of a manifest is an `xen:macro` (contract 2.3).
std::string fit_module_type(std::string_view manifest_type) {
  return std::string(manifest_type == "macro" ? "xen:macro" : manifest_type);
}

template <class Keyed>
std::string unknown_key(std::string_view what, const std::string& key, const std::vector<Keyed>& known) {
  std::vector<std::string_view> keys;
  for (const auto& one : known) keys.push_back(one.key);
  std::string message = "the manifest has no " + std::string(what) + " " + key;
  if (const auto meant = nearest(key, keys)) return message + "; did you mean " + std::string(*meant) + '?';
  if (keys.empty()) return message;
  message += "; there is ";
  for (const auto& one : keys) {
    if (one != keys.front()) message += ", ";
    message += one;
  }
  return message;
}

Problem check_content(const InvokeWish& wish, Way way) {
  const bool known_method = std::find(kUiMethods.begin(), kUiMethods.end(), wish.method) != kUiMethods.end();
  if (!wish.method.empty() && way == Way::ui && !known_method) {
    return {"must be GET, POST, PUT, PATCH or DELETE", "/method"};
  }
  if (!wish.method.empty() && !detail::is_token(wish.method)) return {"must be an HTTP method", "/method"};
  if (!wish.user.empty() && !AccountId::parse(wish.user)) return {"must be an account id", "/user"};
  if (way == Way::ui && wish.body && !wish.body->is_object()) return {"must be an object", "/body"};
  const std::size_t limit = way == Way::ui ? kMostUiBytes : kMostBytes;
  if (wish.body && wish.body_text.size() > limit) {
    return {"is larger than the platform takes: " + std::to_string(limit / 1024) + " KB", "/body"};
  }
  if (!detail::check_headers(wish.headers)) return {"must hold valid header names and values", "/headers"};
  return {};
}

Message message_of(const InvokeWish& wish, const Installation& installation, Way way) {
  Message message{.way = way, .installation = installation.id.str()};
  message.method = !wish.method.empty() ? wish.method : wish.body ? "POST" : "GET";
  message.headers = wish.headers;
  message.account = wish.user;
  if (!wish.body) return message;
  if (way == Way::function && wish.body->is_string()) {  // a function sends what it likes
    message.given = {std::string(wish.body->get_string()), false};
  } else {
    message.given = {wish.body_text, true};
  }
  return message;
}

std::variant<DeliveryId, Problem> invoke_remote_from_function(World& world, const InvokeWish& wish,
                                                              const Installation& installation, Moment now) {
  const App& app = world.app_run_by(installation);
  const Remote* remote = app.find_remote(wish.remote);
  if (remote == nullptr) return Problem{unknown_key("remote", wish.remote, app.remotes), "/remote"};
  if (wish.path.empty()) return Problem{"Missing or empty path provided to invokeRemote", "/path"};
  if (Problem problem = check_content(wish, Way::function)) return problem;
  const Site& site = world.site_of(installation);
  auto base = remote_url(world, *remote, site);
  if (auto* problem = std::get_if<Problem>(&base)) return std::move(*problem);
  auto url = join_path(std::get<std::string>(base), wish.path, world.behaviour);
  if (auto* problem = std::get_if<Problem>(&url)) return std::move(*problem);
  Message message = message_of(wish, installation, Way::function);
  message.module_type = "core:endpoint";
  message.module_key = wish.module.empty() ? wish.remote : wish.module;
  message.remote = remote->key;
  message.url = std::get<std::string>(std::move(url));
  message.tokens = remote->auth;
  if (world.behaviour.function_context) message.fit_context = json::object{{"cloudId", site.cloud_id}};
  return world.deliveries.add(std::move(message), 0, now.platform);
}

/// What the UI module's context tells the remote (contract 2.3, 2.3.1).
json::object ui_context(World& world, const InvokeWish& wish, const Module& module,
                        const Installation& installation) {
  json::object extension = wish.extension.value_or(json::object{});
  if (!extension.contains("type")) extension["type"] = module.type;
  json::object context{
      {"cloudId", installation.cloud_id},      {"moduleKey", module.key},
      {"localId", random_uuid(*world.random)}, {"siteUrl", world.site_of(installation).url},
      {"environmentId", world.environment_id}, {"environmentType", installation.environment_type},
      {"extension", std::move(extension)}};
  if (!wish.user.empty()) context["accountId"] = wish.user;
  return context;
}

std::variant<DeliveryId, Problem> invoke_ui(World& world, const InvokeWish& wish, const Module& module,
                                            const Installation& installation, Moment now) {
  if (Problem problem = check_content(wish, Way::ui)) return problem;
  const App& app = world.app_run_by(installation);
  const Endpoint* endpoint = app.find_endpoint(module.endpoint);
  const Remote* remote = endpoint == nullptr ? nullptr : app.find_remote(endpoint->remote);
  if (remote == nullptr) {
    return Problem{"the module " + module.key + " leads to no remote: look at its endpoint in the manifest",
                   "/module"};
  }
  auto base = remote_url(world, *remote, world.site_of(installation));
  if (auto* problem = std::get_if<Problem>(&base)) return std::move(*problem);
  auto url =
      join_path(std::get<std::string>(base), wish.path.empty() ? endpoint->path : wish.path, world.behaviour);
  if (auto* problem = std::get_if<Problem>(&url)) return std::move(*problem);
  Message message = message_of(wish, installation, Way::ui);
  message.module_type = fit_module_type(module.type);
  message.module_key = module.key;
  message.remote = remote->key;
  message.url = std::get<std::string>(std::move(url));
  message.tokens = token_wish(*endpoint, *remote, world.behaviour);
  message.fit_context = ui_context(world, wish, module, installation);
  return world.deliveries.add(std::move(message), 0, now.platform);
}

/// The module of that key. An endpoint counts as one, so that it can be called before a module uses it.
std::variant<Module, Problem> choose_module(const App& app, const std::string& key) {
  if (const Module* module = app.find_module(key)) return *module;
  if (app.find_endpoint(key) != nullptr) return Module{"core:endpoint", key, key, {}, {}};
  if (key.empty() && app.modules.empty() && app.endpoints.size() == 1) {
    return Module{"core:endpoint", app.endpoints.front().key, app.endpoints.front().key, {}, {}};
  }
  if (key.empty()) {
    std::vector<const Module*> ui;
    for (const auto& module : app.modules) {
      if (!is_trigger(module)) ui.push_back(&module);
    }
    if (ui.size() == 1) return *ui.front();
    return Problem{"must say which module is invoked", "/module"};
  }
  return Problem{unknown_key("module that leads to an endpoint, with the key", key, app.modules), "/module"};
}

/// Modules that the platform calls with a body of its own: what a caller of `invoke` makes up in its place
/// would be a call that Forge never makes.
Problem why_not_invoked(const Module& module) {
  if (module.type == "trigger") {
    std::string message = "is a trigger, which events call: POST /_emulator/events with the name";
    for (const auto& event : module.events)
      message += (event == module.events.front() ? " " : " or ") + event;
    return {std::move(message), "/module"};
  }
  if (module.type == "preUninstall") {
    return {"is called when the app is uninstalled: DELETE /_emulator/installations/{id}", "/module"};
  }
  if (module.type == "consumer") {
    return {"is called for a queue of the app, which the emulator does not have", "/module"};
  }
  return {};
}

}  // namespace

std::variant<const Installation*, Problem> choose_installation(const World& world, const std::string& id) {
  if (!id.empty()) {
    const Installation* found = world.directory.find(id);
    if (found == nullptr) return Problem{"there is no such installation", "/installationId"};
    if (!found->active()) return Problem{"this installation was uninstalled", "/installationId"};
    return found;
  }
  const auto active = world.directory.active();
  if (active.size() == 1) return active.front();
  if (active.empty()) {
    return Problem{"the app is installed nowhere: POST /_emulator/installations first", "/installationId"};
  }
  std::string message = "must say which one of these is meant: ";
  for (const auto* one : active) {
    if (one != active.front()) message += ", ";
    message += one->id.bare();
  }
  return Problem{std::move(message), "/installationId"};
}

std::variant<DeliveryId, Problem> invoke(World& world, const InvokeWish& wish, Moment now) {
  const auto chosen = choose_installation(world, wish.installation);
  if (const auto* problem = std::get_if<Problem>(&chosen)) return *problem;
  const Installation& installation = *std::get<const Installation*>(chosen);
  auto queued = [&]() -> std::variant<DeliveryId, Problem> {
    if (!wish.remote.empty()) return invoke_remote_from_function(world, wish, installation, now);
    auto module = choose_module(world.app_run_by(installation), wish.module);
    if (auto* problem = std::get_if<Problem>(&module)) return std::move(*problem);
    if (Problem problem = why_not_invoked(std::get<Module>(module))) return problem;
    if (std::get<Module>(module).type == "scheduledTrigger") {
      return run_schedule(world, installation, std::get<Module>(module), now);
    }
    return invoke_ui(world, wish, std::get<Module>(module), installation, now);
  }();
  if (std::holds_alternative<DeliveryId>(queued) && !wish.user.empty()) {
    world.site_of(installation).ensure_user(wish.user);
  }
  return queued;
}

}  // namespace tongs::emulator
