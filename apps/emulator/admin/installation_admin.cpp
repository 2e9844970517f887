#include "emulator/admin/installation_admin.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/json/value_from.hpp>

#include "emulator/platform/lifecycle.hpp"
#include "http/ascii.hpp"

namespace tongs::emulator {

namespace {

json::object installation_view(World& world, const Installation& installation) {
  const Site& site = world.site_of(installation);
  json::array contexts;
  for (const auto& product : installation.products) {
    contexts.push_back(
        json::object{{"name", product},
                     {"context", context_ari(product, installation.cloud_id)},
                     {"apiBaseUrl", api_base_url(world.origin, product, installation.cloud_id)},
                     {"cloudId", installation.cloud_id}});
  }
  json::object view{
      {"id", installation.id.bare()},
      {"installationId", installation.id.str()},
      {"cloudId", installation.cloud_id},
      {"context", context_ari(installation.products.front(), installation.cloud_id)},
      {"apiBaseUrl", api_base_url(world.origin, installation.products.front(), installation.cloud_id)},
      {"contexts", std::move(contexts)},
      {"products", json::value_from(installation.products)},
      {"site", {{"name", site.name}, {"url", site.url}}},
      {"installer", installation.installer},
      {"appVersion", installation.app_version},
      {"environment", {{"type", installation.environment_type}, {"id", world.environment_id}}},
      {"installedAt", iso_time(installation.installed_at)},
      {"state", installation.active() ? "installed" : "uninstalled"}};
  if (installation.license) view["license"] = *installation.license;
  if (installation.uninstalled_at) view["uninstalledAt"] = iso_time(*installation.uninstalled_at);
  return view;
}

/// What a label of an Isolated Cloud may be (contract 2.4.4).
bool is_ic_label(std::string_view text) noexcept {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || detail::is_digit(c) || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= 50 && std::all_of(text.begin(), text.end(), fits);
}

/// `icLabel` as the platform gives it. `hostileIcLabel` is any text instead, as a forged FIT may have it: a
/// remote that makes a URL of it must refuse it.
std::string read_ic_label(Members& members) {
  const auto label = members.text("icLabel"), hostile = members.text("hostileIcLabel");
  if (label && !is_ic_label(*label)) {
    members.refuse("icLabel", "must be 1 to 50 of a-z, 0-9, - and _; for an attack, say hostileIcLabel");
  }
  if (label && hostile) members.refuse("hostileIcLabel", "takes the place of icLabel: name one of them");
  return hostile ? *hostile : label.value_or("");
}

InstallWish read_install(Members& members) {
  InstallWish wish;
  wish.site = members.text("site").value_or("");
  wish.products = members.texts("products");
  wish.installer = members.text("installer").value_or("");
  wish.environment_type = members.text("environment").value_or("");
  if (!wish.environment_type.empty() && wish.environment_type != "DEVELOPMENT" &&
      wish.environment_type != "STAGING" && wish.environment_type != "PRODUCTION") {
    members.refuse("environment", "must be DEVELOPMENT, STAGING or PRODUCTION");
  }
  if (const json::object* license = members.object("license")) wish.license = *license;
  wish.ic_label = read_ic_label(members);
  const auto wait = members.integer("readyAfterSeconds", 0, 86400).value_or(0);
  wish.ready_after = std::chrono::seconds(wait);
  members.finish();
  return wish;
}

}  // namespace

HttpResponse no_such_installation() {
  return problem_answer(404, "not-found",
                        "there is no such installation: GET /_emulator/installations lists them");
}

AdminStep list_installations(AdminCall& call) {
  json::array all;
  for (const auto& one : call.world.directory.installations())
    all.push_back(installation_view(call.world, one));
  return json_answer(200, {{"installations", std::move(all)}});
}

AdminStep get_installation(AdminCall& call) {
  const Installation* found = call.world.directory.find(call.parameters.at("id"));
  if (found == nullptr) return no_such_installation();
  return json_answer(200, installation_view(call.world, *found));
}

AdminStep post_installation(AdminCall& call) {
  Problem problem;
  Members members(call.body, "", problem);
  const InstallWish wish = read_install(members);
  if (problem) return problem_answer(400, problem);
  World& world = call.world;
  auto made = install(world, wish, call.now);
  if (const auto* refusal = std::get_if<InstallRefusal>(&made)) {
    return problem_answer(refusal->conflict ? 409 : 400, refusal->problem);
  }
  auto& installed = std::get<Installed>(made);
  auto deliveries = deliveries_of(installed.events);
  return AdminWait{std::move(deliveries), [&world, installed = std::move(installed)](Moment) -> AdminStep {
                     json::object answer = installation_view(world, *installed.installation);
                     answer["deliveries"] = queued_view(world, installed.events);
                     return json_answer(201, answer);
                   }};
}

AdminStep delete_installation(AdminCall& call) {
  World& world = call.world;
  Installation* installation = world.directory.find(call.parameters.at("id"));
  if (installation == nullptr || !installation->active()) return no_such_installation();
  auto before = run_pre_uninstall(world, *installation, call.now);
  auto first = deliveries_of(before);
  const auto finish = [&world, installation](const std::vector<Queued>& told) {
    json::object answer = installation_view(world, *installation);
    answer["deliveries"] = queued_view(world, told);
    return json_answer(200, answer);
  };
  return AdminWait{std::move(first), [=, &world](Moment now) -> AdminStep {
                     if (!installation->active()) return finish(before);  // somebody else was faster
                     auto told = before;
                     auto after = uninstall(world, *installation, now);
                     told.insert(told.end(), after.begin(), after.end());
                     return AdminWait{deliveries_of(after),
                                      [=](Moment) -> AdminStep { return finish(told); }};
                   }};
}

}  // namespace tongs::emulator
