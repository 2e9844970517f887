#include <algorithm>
#include <array>
#include <utility>
#include <variant>
#include <vector>

#include "common/number.hpp"
#include "emulator/products/confluence_views.hpp"
#include "emulator/products/stateful.hpp"

namespace tongs::emulator {

namespace {

HttpResponse get_space(ProductCall& call) {
  const Space* space = call.site.find_space(call.parameters.at("id"));
  return space == nullptr ? no_such_content() : single(call, 200, space_view(*space));
}

HttpResponse get_spaces(ProductCall& call) {
  const auto ids = call.http.list("ids"), keys = call.http.list("keys");
  const bool global = among(call.http.list("type"), "global");
  std::vector<const Space*> spaces;
  for (const Space& space : call.site.spaces) {
    if (global && lists_current(call.http) && among(ids, space.id) && among(keys, space.key))
      spaces.push_back(&space);
  }
  return cursor_list(call, std::move(spaces), [](const Space& space) { return space_view(space); });
}

/// A space as v1 shows one.
json::object old_view(const Space& space) {
  return {{"id", parse_whole(space.id).value_or(0)},
          {"key", space.key},
          {"name", space.name},
          {"type", "global"},
          {"status", "current"},
          {"_expandable", json::object()},
          {"_links", {{"webui", "/spaces/" + space.key}}}};
}

Space* find_key(Site& site, std::string_view key) {
  const auto found = std::find_if(site.spaces.begin(), site.spaces.end(),
                                  [&](const Space& space) { return space.key == key; });
  return found == site.spaces.end() ? nullptr : &*found;
}

/// The space that a body describes, or why it cannot be made.
std::variant<Space, std::string> read_space(const ProductCall& call) {
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read)) return problem->describe();
  const auto& request = std::get<json::object>(read);
  Space space;
  space.key = text_in(request, "key");
  space.name = text_in(request, "name");
  if (space.key.empty()) return "A space needs a key";
  if (find_key(call.site, space.key) != nullptr) return "A space with this key already exists";
  return space;
}

HttpResponse create_space(ProductCall& call) {
  auto made = read_space(call);
  if (const auto* wrong = std::get_if<std::string>(&made)) return refusal(call.api, 400, *wrong);
  Space& space = call.site.spaces.emplace_back(std::get<Space>(std::move(made)));
  space.id = call.site.next_id();
  if (call.api == ApiName::confluence_v1) return json_answer(200, old_view(space));
  return single(call, 201, space_view(space));
}

HttpResponse update_space(ProductCall& call) {
  Space* space = find_key(call.site, call.parameters.at("spaceKey"));
  if (space == nullptr) return refusal(call.api, 404, "There is no space with this key");
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read)) return refusal(call.api, 400, problem->describe());
  if (const auto name = text_in(std::get<json::object>(read), "name"); !name.empty()) space->name = name;
  return json_answer(200, old_view(*space));
}

/// At once: the task that the answer names is over.
HttpResponse delete_space(ProductCall& call) {
  const Space* space = find_key(call.site, call.parameters.at("spaceKey"));
  if (space == nullptr) return refusal(call.api, 404, "There is no space with this key");
  const std::string id = space->id;
  std::erase_if(call.site.pages, [&](const Page& page) { return page.space == id; });
  std::erase_if(call.site.spaces, [&](const Space& other) { return other.id == id; });
  const std::string task = call.site.next_id();
  return json_answer(202, {{"id", task}, {"links", {{"status", "/rest/api/longtask/" + task}}}});
}

HttpResponse current_user(ProductCall& call) {
  const User* user = call.site.find_user(call.account());
  return json_answer(200, {{"type", "known"},
                           {"accountId", user->account_id},
                           {"accountType", user->kind == UserKind::app ? "app" : "atlassian"},
                           {"displayName", user->name},
                           {"publicName", user->name}});
}

constexpr std::array kOperations{
    StatefulOperation{"get-space-by-id", get_space},
    StatefulOperation{"get-spaces", get_spaces},
    StatefulOperation{"create-space", create_space},
};

constexpr std::array kOldOperations{
    StatefulOperation{"create-space", create_space},
    StatefulOperation{"update-space", update_space},
    StatefulOperation{"delete-space", delete_space},
    StatefulOperation{"get-current-user", current_user},
};

}  // namespace

std::span<const StatefulOperation> confluence_space_operations() { return kOperations; }
std::span<const StatefulOperation> confluence_v1_operations() { return kOldOperations; }

}  // namespace tongs::emulator
