#include "emulator/open_world.hpp"

#include <utility>
#include <variant>

#include "common/log.hpp"
#include "emulator/app_of.hpp"
#include "emulator/base/json_text.hpp"
#include "emulator/machine_clock.hpp"
#include "emulator/platform/snapshot.hpp"
#include "emulator/products/site_json.hpp"
#include "http/url.hpp"

namespace tongs::emulator {

namespace {

std::variant<App, OpenProblem> read_app(const std::string& file) {
  auto text = read_file(file);
  if (!text) return OpenProblem{file, text.error().describe()};
  auto app = app_of(std::string_view(*text));
  if (!app) return OpenProblem{file, app.error().describe()};
  return *std::move(app);
}

std::variant<RemoteUrls, OpenProblem> read_remotes(const App& app, const Options& options) {
  RemoteUrls urls;
  for (const auto& [key, url] : options.remotes) {
    if (app.find_remote(key) == nullptr) {
      return OpenProblem{"", "--remote " + key + ": the manifest has no remote of that key"};
    }
    if (!detail::parse_url(url)) {
      return OpenProblem{"", "--remote " + key + ": must be an absolute http or https URL"};
    }
    urls[key] = url;
  }
  return urls;
}

std::variant<std::unique_ptr<World>, OpenProblem> new_world(App app, RemoteUrls remotes,
                                                            const Options& options) {
  auto random = Random::system();
  auto keys = WorldKeys::generate(*random);
  if (!keys) return OpenProblem{"", keys.error().describe()};
  auto world = create_world(std::move(app), *std::move(keys), std::move(random), real_now());
  world->remote_urls = std::move(remotes);
  if (!options.seed) return world;
  const auto text = read_file(*options.seed);
  if (!text) return OpenProblem{*options.seed, text.error().describe()};
  const Problem problem = apply_seed(*world, *text, world->at(real_now()).platform);
  if (problem) return OpenProblem{*options.seed, problem.describe()};
  return world;
}

std::variant<std::unique_ptr<World>, OpenProblem> saved_world(const std::string& text, App app,
                                                              const RemoteUrls& remotes,
                                                              const Options& options) {
  if (options.seed) log::info("the state folder holds sites already, so the seed is not read");
  const std::string file = *options.state + "/state.json";
  const auto parsed = parse_json_object(text);
  if (const auto* problem = std::get_if<Problem>(&parsed)) return OpenProblem{file, problem->describe()};
  auto restored =
      restore_world(std::get<json::object>(parsed), std::move(app), remotes, Random::system(), real_now());
  if (const auto* problem = std::get_if<Problem>(&restored)) return OpenProblem{file, problem->describe()};
  return std::get<std::unique_ptr<World>>(std::move(restored));
}

}  // namespace

Result<void> OpenedWorld::save() const {
  if (!folder) return {};
  auto saved = save_world(*world, world->at(real_now()));
  if (!saved) return std::move(saved).error();
  return folder->write(json_text(*saved));
}

Problem apply_seed(World& world, const std::string& text, PlatformTime now) {
  const auto parsed = parse_json_object(text);
  if (const auto* problem = std::get_if<Problem>(&parsed)) return *problem;
  Problem problem;
  Members members(std::get<json::object>(parsed), "", problem);
  Directory directory;
  members.objects("sites", [&](Members& described) {
    Site site = read_site(described, now);
    if (directory.find_site(site.name) != nullptr || directory.find_cloud(site.cloud_id) != nullptr) {
      described.refuse("name", "is the name or has the cloud id of another site");
    }
    directory.add_site(std::move(site));
  });
  members.nested("behaviour", [&](Members& behaviour) { read_behaviour(behaviour, world.behaviour); });
  members.finish();
  if (!problem && !directory.sites().empty()) world.directory = std::move(directory);
  return problem;
}

std::variant<OpenedWorld, OpenProblem> open_world(const Options& options) {
  auto app = read_app(options.manifest);
  if (auto* problem = std::get_if<OpenProblem>(&app)) return std::move(*problem);
  auto remotes = read_remotes(std::get<App>(app), options);
  if (auto* problem = std::get_if<OpenProblem>(&remotes)) return std::move(*problem);
  OpenedWorld opened;
  std::optional<std::string> saved;
  if (options.state) {
    auto folder = StateFolder::open(*options.state);
    if (!folder) return OpenProblem{*options.state, folder.error().describe()};
    opened.folder = *std::move(folder);
    auto text = opened.folder->read();
    if (!text) return OpenProblem{*options.state, text.error().describe()};
    saved = *std::move(text);
  }
  auto world =
      saved ? saved_world(*saved, std::get<App>(std::move(app)), std::get<RemoteUrls>(remotes), options)
            : new_world(std::get<App>(std::move(app)), std::get<RemoteUrls>(std::move(remotes)), options);
  if (auto* problem = std::get_if<OpenProblem>(&world)) return std::move(*problem);
  opened.world = std::get<std::unique_ptr<World>>(std::move(world));
  return opened;
}

}  // namespace tongs::emulator
