#include "emulator/admin/app_admin.hpp"

#include <utility>

#include <boost/json/parse.hpp>

#include "emulator/admin/installation_admin.hpp"
#include "emulator/app_of.hpp"
#include "emulator/platform/deploy.hpp"

namespace tongs::emulator {

namespace {

json::array ids_of(const std::vector<const Installation*>& installations) {
  json::array ids;
  for (const Installation* one : installations) ids.push_back(json::value(one->id.bare()));
  return ids;
}

}  // namespace

AdminStep get_app(AdminCall& call) {
  json::array installations;
  for (const Installation* one : call.world.directory.active()) {
    installations.push_back(json::object{{"id", one->id.bare()},
                                         {"appVersion", one->app_version},
                                         {"waitsForConsent", one->app_version != call.world.app.version}});
  }
  return json_answer(200, {{"id", call.world.app.id.str()},
                           {"version", call.world.app.version},
                           {"installations", std::move(installations)}});
}

AdminStep post_app(AdminCall& call) {
  auto app = app_of(std::string_view(call.http.body));
  if (!app) return problem_answer(400, "bad-manifest", app.error().message());
  auto deployed = deploy(call.world, *std::move(app), call.now);
  if (const auto* problem = std::get_if<Problem>(&deployed)) return problem_answer(409, *problem);
  const auto& done = std::get<Deployment>(deployed);
  json::object answer = json::parse(manifest::to_json(done.change)).as_object();
  answer["version"] = done.version;
  answer["moved"] = ids_of(done.moved);
  answer["waiting"] = ids_of(done.waiting);
  return json_answer(200, answer);
}

AdminStep post_upgrade(AdminCall& call) {
  World& world = call.world;
  Installation* installation = world.directory.find(call.parameters.at("id"));
  if (installation == nullptr || !installation->active()) {
    return no_such_installation();
  }
  if (installation->app_version == world.app.version) {
    return problem_answer(409, "nothing-to-upgrade", "this installation runs the newest version already");
  }
  const auto told = upgrade(world, *installation, call.now);
  return AdminWait{deliveries_of(told), [&world, installation, told](Moment) -> AdminStep {
                     return json_answer(200, {{"id", installation->id.bare()},
                                              {"appVersion", installation->app_version},
                                              {"deliveries", queued_view(world, told)}});
                   }};
}

}  // namespace tongs::emulator
