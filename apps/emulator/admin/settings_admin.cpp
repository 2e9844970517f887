#include "emulator/admin/settings_admin.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <boost/json/value_from.hpp>

#include "common/number.hpp"
#include "emulator/platform/route.hpp"
#include "emulator/products/site_json.hpp"
#include "emulator/schema/schema.hpp"
#include "http/url.hpp"

namespace tongs::emulator {

namespace {

json::object keys_view(const KeyRing& keys) {
  json::array published;
  for (const auto& key : keys.published()) published.emplace_back(key.kid());
  return {{"current", keys.current().kid()}, {"published", std::move(published)}};
}

json::object remote_view(const World& world, const Remote& remote) {
  json::object view{{"key", remote.key}, {"declared", json::value_from(remote.urls)}};
  const auto said = world.remote_urls.find(remote.key);
  if (said != world.remote_urls.end()) view["baseUrl"] = said->second;
  return view;
}

/// Without `/ex/{product}/{cloudId}` in front.
std::string_view path_of_operation(std::string_view path) noexcept {
  for (int part = 0; part < 3; ++part) path.remove_prefix(std::min(path.find('/', 1), path.size()));
  return path;
}

HttpResponse no_such_remote() {
  return problem_answer(404, "not-found",
                        "the manifest has no such remote: GET /_emulator/remotes lists them");
}

/// The query of the log, read as if it were a body.
EventLog::Filter read_filter(const ApiCall& call, Problem& problem) {
  json::object given;
  for (const auto& [name, value] : call.query) {
    if (given.contains(name)) problem.set("stands twice", '/' + name);
    const auto number = parse_whole(value);
    given[name] = number ? json::value(*number) : json::value(value);
  }
  Members members(given, "", problem);
  EventLog::Filter filter;
  filter.since = members.integer("since", 0, 1LL << 53).value_or(filter.since);
  filter.limit =
      members.integer("limit", 1, static_cast<std::int64_t>(EventLog::kMostEntries)).value_or(filter.limit);
  if (members.any("kind") != nullptr) filter.kind = *call.parameter("kind");
  members.finish();
  return filter;
}

}  // namespace

AdminStep get_health(AdminCall& call) {
  return json_answer(200, {{"status", "ok"},
                           {"app", call.world.app.id.str()},
                           {"installations", call.world.directory.active().size()}});
}

AdminStep get_keys(AdminCall& call) { return json_answer(200, keys_view(call.world.keys)); }

AdminStep post_keys_rotate(AdminCall& call) {
  Problem problem;
  Members members(call.body, "", problem);
  const bool overlap = members.boolean("overlap").value_or(true);
  members.finish();
  if (problem) return problem_answer(400, problem);
  World& world = call.world;
  const auto withdrawn = world.keys.rotate(*world.random, overlap);
  if (!withdrawn) return problem_answer(500, "internal", withdrawn.error().message());
  json::object view = keys_view(world.keys);
  view["withdrawn"] = json::value_from(*withdrawn);
  world.note("keys", view, call.now);
  return json_answer(200, view);
}

AdminStep get_log(AdminCall& call) {
  Problem problem;
  const EventLog::Filter filter = read_filter(call.http, problem);
  if (problem) return problem_answer(400, problem);
  return json_answer(200, call.world.log.read(filter));
}

AdminStep get_calls(AdminCall& call) {
  std::set<std::string> lines;
  const auto log = call.world.log.read({.kind = "api", .limit = EventLog::kMostEntries});
  for (const auto& entry : log.at("entries").as_array()) {
    const auto& facts = entry.as_object();
    if (text_in(facts, "target") != to_string(FaultTarget::products)) continue;
    if (const auto* operations = array_in(facts, "operations"); operations == nullptr || operations->empty())
      continue;
    lines.insert(std::string(text_in(facts, "method")) + ' ' +
                 std::string(path_of_operation(text_in(facts, "path"))));
  }
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return HttpResponse{200, {{"content-type", "text/plain; charset=utf-8"}}, std::move(text)};
}

AdminStep list_remotes(AdminCall& call) {
  json::array all;
  for (const auto& remote : call.world.app.remotes) all.push_back(remote_view(call.world, remote));
  return json_answer(200, {{"remotes", std::move(all)}});
}

AdminStep put_remote(AdminCall& call) {
  const Remote* remote = call.world.app.find_remote(call.parameters.at("key"));
  if (remote == nullptr) return no_such_remote();
  Problem problem;
  Members members(call.body, "", problem);
  const std::string url = members.required_text("baseUrl");
  members.finish();
  if (!problem && !detail::parse_url(url)) problem.set("must be an absolute http or https URL", "/baseUrl");
  if (problem) return problem_answer(400, problem);
  call.world.remote_urls[remote->key] = url;
  return json_answer(200, remote_view(call.world, *remote));
}

AdminStep delete_remote(AdminCall& call) {
  const Remote* remote = call.world.app.find_remote(call.parameters.at("key"));
  if (remote == nullptr) return no_such_remote();
  call.world.remote_urls.erase(remote->key);
  return HttpResponse{204, {}, {}};
}

AdminStep list_sites(AdminCall& call) {
  json::array all;
  for (const auto& site : call.world.directory.sites()) all.push_back(to_json(site));
  return json_answer(200, {{"sites", std::move(all)}});
}

AdminStep post_site(AdminCall& call) {
  Problem problem;
  Members members(call.body, "", problem);
  Site site = read_site(members, call.now.platform);
  members.finish();
  if (problem) return problem_answer(400, problem);
  Directory& directory = call.world.directory;
  if (directory.find_site(site.name) != nullptr || directory.find_cloud(site.cloud_id) != nullptr) {
    return problem_answer(409, Problem{"there is a site of that name or cloud id already", ""});
  }
  directory.add_site(std::move(site));
  return json_answer(201, to_json(directory.sites().back()));
}

AdminStep get_behaviour(AdminCall& call) { return json_answer(200, to_json(call.world.behaviour)); }

AdminStep put_behaviour(AdminCall& call) {
  Problem problem;
  Members members(call.body, "", problem);
  Behaviour changed = call.world.behaviour;
  read_behaviour(members, changed);
  members.finish();
  if (problem) return problem_answer(400, problem);
  call.world.behaviour = changed;
  return json_answer(200, to_json(changed));
}

}  // namespace tongs::emulator
