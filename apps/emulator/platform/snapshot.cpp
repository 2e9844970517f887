#include "emulator/platform/snapshot.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <boost/json/value_from.hpp>

#include "base/base64url.hpp"
#include "emulator/faults/fault_json.hpp"
#include "emulator/platform/unfinished.hpp"
#include "emulator/products/site_json.hpp"

namespace tongs::emulator {

namespace {

constexpr std::int64_t kVersion = 1;

Result<json::object> key_json(const SigningKey& key) {
  auto pem = key.to_pem();
  if (!pem) return std::move(pem).error();
  return json::object{{"kid", key.kid()}, {"pem", pem->reveal()}};
}

json::object installation_json(const Installation& installation) {
  json::object out{{"id", installation.id.bare()},
                   {"cloudId", installation.cloud_id},
                   {"products", json::value_from(installation.products)},
                   {"installer", installation.installer},
                   {"appVersion", installation.app_version},
                   {"environment", installation.environment_type},
                   {"icLabel", installation.ic_label},
                   {"authTrigger", installation.auth_trigger},
                   {"nextAuthTrigger", installation.next_auth_trigger},
                   {"installedAt", iso_time(installation.installed_at)},
                   {"readyAt", iso_time(installation.ready_at)}};
  if (installation.license) out["license"] = *installation.license;
  if (installation.uninstalled_at) out["uninstalledAt"] = iso_time(*installation.uninstalled_at);
  return out;
}

json::array schedules_json(const Scheduler& scheduler) {
  json::array all;
  for (const auto& entry : scheduler.entries()) {
    all.push_back(
        json::object{{"installationId", entry.run.installation},
                     {"module", entry.run.module},
                     {"next", iso_time(entry.at)},
                     {"intervalSeconds", std::chrono::floor<std::chrono::seconds>(entry.interval).count()}});
  }
  return all;
}

PlatformTime read_time(Members& members, std::string_view name) {
  const auto text = members.text(name);
  const auto time = text ? parse_iso_time(*text) : std::nullopt;
  if (text && !time) members.refuse(name, "must be a time");
  return time.value_or(PlatformTime{});
}

std::optional<SigningKey> read_key(Members& members) {
  std::string kid = members.required_text("kid");
  auto key = SigningKey::from_pem(std::move(kid), members.required_text("pem"));
  if (key) return *std::move(key);
  members.refuse("pem", "must be an RSA key");
  return std::nullopt;
}

Installation read_installation(Members& members) {
  const auto id = InstallationId::parse(members.required_text("id"));
  if (!id) members.refuse("id", "must be a UUID");
  Installation made{.id = id ? *id : *InstallationId::parse("none"),
                    .cloud_id = members.required_text("cloudId")};
  made.products = members.texts("products");
  if (made.products.empty() || !std::all_of(made.products.begin(), made.products.end(), is_product)) {
    members.refuse("products", "must hold jira or confluence");
  }
  made.installer = members.text("installer").value_or("");
  made.app_version = members.text("appVersion").value_or("");
  made.environment_type = members.text("environment").value_or(made.environment_type);
  made.ic_label = members.text("icLabel").value_or("");
  made.auth_trigger = members.text("authTrigger").value_or("");
  made.next_auth_trigger = members.text("nextAuthTrigger").value_or("");
  made.installed_at = read_time(members, "installedAt");
  made.ready_at = read_time(members, "readyAt");
  if (const json::object* license = members.object("license")) made.license = *license;
  if (members.any("uninstalledAt") != nullptr) made.uninstalled_at = read_time(members, "uninstalledAt");
  return made;
}

Scheduler::Entry read_schedule(Members& members) {
  Scheduler::Entry entry;
  entry.run = {members.required_text("installationId"), members.required_text("module")};
  entry.at = read_time(members, "next");
  entry.interval = std::chrono::seconds(members.integer("intervalSeconds", 1, 1LL << 31).value_or(3600));
  return entry;
}

/// What the scheduled triggers of all installations are, whenever they run next.
using Plan = std::set<std::pair<std::string, std::string>>;

Plan plan_of(const std::vector<Scheduler::Entry>& entries) {
  Plan plan;
  for (const auto& entry : entries) {
    plan.insert({entry.run.installation, entry.run.module + ' ' + std::to_string(entry.interval.count())});
  }
  return plan;
}

void restore_schedules(World& world, std::vector<Scheduler::Entry> saved, PlatformTime now) {
  for (const auto* installation : world.directory.active()) {
    world.scheduler.start(installation->id.str(), world.app_run_by(*installation).modules, now);
  }
  if (plan_of(saved) == plan_of(world.scheduler.entries())) world.scheduler.restore(std::move(saved));
}

/// What has to be there before there can be a world.
struct Foundation {
  std::vector<SigningKey> fit_keys;
  std::optional<SigningKey> context_key;
  std::string token_key;
  PlatformTime clock{};
};

Foundation read_foundation(Members& members, App& app) {
  Foundation foundation;
  app.version = members.text("appVersion").value_or(app.version);
  if (members.integer("version", kVersion, kVersion) != kVersion) {
    members.refuse("version", "is not one that this program knows");
  }
  if (members.required_text("app") != app.id.str())
    members.refuse("app", "is another app than the manifest's");
  members.objects("fitKeys", [&](Members& key) {
    if (auto read = read_key(key)) foundation.fit_keys.push_back(*std::move(read));
  });
  members.nested("contextKey", [&](Members& key) { foundation.context_key = read_key(key); });
  foundation.token_key = base64url_decode(members.required_text("tokenKey")).value_or("");
  foundation.clock = read_time(members, "clock");
  if (foundation.fit_keys.empty()) members.refuse("fitKeys", "must hold a key");
  if (!foundation.context_key) members.refuse("contextKey", "must be a key");
  if (foundation.token_key.size() < 32) members.refuse("tokenKey", "must be a key");
  return foundation;
}

void read_content(Members& members, World& world, const RemoteUrls& said_now, Moment now) {
  world.environment_id = members.required_text("environmentId");
  members.nested("behaviour", [&](Members& behaviour) { read_behaviour(behaviour, world.behaviour); });
  if (const json::object* remotes = members.object("remotes")) {
    for (const auto& [key, url] : *remotes) {
      if (const auto* text = url.if_string()) world.remote_urls[key] = *text;
    }
  }
  for (const auto& [key, url] : said_now) world.remote_urls[key] = url;
  members.nested("authEndpoint", [&](Members& endpoint) {
    world.auth_endpoint = {endpoint.text("remote").value_or(""), endpoint.text("path").value_or("")};
  });
  members.objects("sites", [&](Members& site) { world.directory.add_site(read_site(site, now.platform)); });
  members.objects("installations", [&](Members& one) {
    Installation installation = read_installation(one);
    if (world.directory.find_cloud(installation.cloud_id) == nullptr) one.refuse("cloudId", "is of no site");
    if (installation.active())
      installation.app_version = world.app.version;  // the manifest that is there now
    world.directory.add(std::move(installation));
  });
  std::vector<Scheduler::Entry> schedules;
  members.objects("schedules", [&](Members& schedule) { schedules.push_back(read_schedule(schedule)); });
  if (members.sound()) restore_schedules(world, std::move(schedules), now.platform);
  members.nested("deliveries", [&](Members& deliveries) { read_unfinished(deliveries, world, now); });
  members.nested("faults", [&](Members& faults) { read_faults(faults, world.faults); });
}

}  // namespace

Result<json::object> save_world(World& world, Moment now) {
  json::array fit_keys, sites, installations;
  for (const auto& key : world.keys.published()) {
    auto written = key_json(key);
    if (!written) return std::move(written).error();
    fit_keys.push_back(*std::move(written));
  }
  auto context_key = key_json(world.context_key);
  if (!context_key) return std::move(context_key).error();
  for (const auto& site : world.directory.sites()) sites.push_back(to_json(site));
  for (const auto& one : world.directory.installations()) installations.push_back(installation_json(one));
  return json::object{
      {"version", kVersion},
      {"app", world.app.id.str()},
      {"appVersion", world.app.version},
      {"environmentId", world.environment_id},
      {"clock", iso_time(now.platform)},
      {"fitKeys", std::move(fit_keys)},
      {"contextKey", *std::move(context_key)},
      {"tokenKey", base64url_encode(world.mint.key().reveal())},
      {"behaviour", to_json(world.behaviour)},
      {"remotes", json::value_from(world.remote_urls)},
      {"authEndpoint", {{"remote", world.auth_endpoint.remote}, {"path", world.auth_endpoint.path}}},
      {"sites", std::move(sites)},
      {"installations", std::move(installations)},
      {"schedules", schedules_json(world.scheduler)},
      {"deliveries", unfinished_json(world.deliveries)},
      {"faults", to_json(world.faults)}};
}

std::variant<std::unique_ptr<World>, Problem> restore_world(const json::object& saved, App app,
                                                            const RemoteUrls& remotes,
                                                            std::unique_ptr<Random> random, RealTime now) {
  Problem problem;
  Members members(saved, "", problem);
  Foundation foundation = read_foundation(members, app);
  if (problem) return problem;
  auto world = std::make_unique<World>(std::move(app), KeyRing(std::move(foundation.fit_keys)),
                                       *std::move(foundation.context_key),
                                       Secret::take(std::move(foundation.token_key)), std::move(random), now);
  world->clock = EmulatorClock(now, foundation.clock);
  read_content(members, *world, remotes, world->at(now));
  members.finish();
  if (problem) return problem;
  return world;
}

}  // namespace tongs::emulator
