#include <algorithm>
#include <array>
#include <utility>
#include <variant>
#include <vector>

#include "common/number.hpp"
#include "emulator/products/jira_views.hpp"
#include "emulator/products/offset_page.hpp"
#include "emulator/products/stateful.hpp"
#include "http/ascii.hpp"

namespace tongs::emulator {

namespace {

using tongs::detail::to_lower;

Project* visible_project(const ProductCall& call) {
  const Project* found = call.site.find_project(call.parameters.at("projectIdOrKey"));
  if (found == nullptr || !may_see(found->visible_to, call.account())) return nullptr;
  return &call.site.projects[static_cast<std::size_t>(found - call.site.projects.data())];
}

HttpResponse no_such_project() {
  return jira_error(404, "No project could be found with this key or id, or you may not see it.");
}

HttpResponse get_project(ProductCall& call) {
  const Project* project = visible_project(call);
  return project == nullptr ? no_such_project() : json_answer(200, jira_project(call, *project));
}

std::vector<const Project*> visible_projects(const ProductCall& call) {
  const auto ids = call.http.list("id"), keys = call.http.list("keys");
  const std::string query = to_lower(call.http.parameter("query").value_or(""));
  const auto among = [](const std::vector<std::string>& wanted, const std::string& value) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
  };
  std::vector<const Project*> found;
  for (const Project& project : call.site.projects) {
    const bool wanted = among(ids, project.id) && among(keys, project.key) &&
                        (to_lower(project.name).find(query) != std::string::npos ||
                         to_lower(project.key).find(query) != std::string::npos);
    if (wanted && may_see(project.visible_to, call.account())) found.push_back(&project);
  }
  return found;
}

HttpResponse get_all_projects(ProductCall& call) {
  json::array shown;
  for (const Project* project : visible_projects(call)) shown.push_back(jira_project(call, *project));
  return json_answer(200, shown);
}

HttpResponse search_projects(ProductCall& call) {
  const auto page = offset_page(call.http, 50, 100);
  if (!page) return jira_error(400, "startAt and maxResults must be numbers.");
  const auto found = visible_projects(call);
  json::array values;
  for (const std::size_t i : page->of(found.size())) values.push_back(jira_project(call, *found[i]));
  return jira_page(*page, found.size(), std::move(values));
}

bool is_project_key(std::string_view key) noexcept {
  const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  return key.size() >= 2 && key.size() <= 10 && key.front() >= 'A' && key.front() <= 'Z' &&
         std::all_of(key.begin(), key.end(), fits);
}

/// What of a project the body of a request sets. Gives what is wrong, by member.
json::object apply(const ProductCall& call, const json::object& body, Project& project) {
  json::object errors;
  const std::string_view key = text_in(body, "key"), name = text_in(body, "name"),
                         lead = text_in(body, "leadAccountId");
  const Project* taken = key.empty() ? nullptr : call.site.find_project(key);
  if (!key.empty() && !is_project_key(key))
    errors["projectKey"] = "Project keys are 2 to 10 capital letters, digits and _, a letter first.";
  if (taken != nullptr && taken->id != project.id)
    errors["projectKey"] = "Another project uses this project key.";
  if (!lead.empty() && call.site.find_user(lead) == nullptr)
    errors["projectLead"] = "There is no user with this accountId.";
  if (!key.empty()) project.key = key;
  if (!name.empty()) project.name = name;
  if (!lead.empty()) project.lead = lead;
  return errors;
}

HttpResponse create_project(ProductCall& call) {
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read)) return jira_error(400, problem->describe());
  Project project;
  project.lead = call.account();
  const json::object errors = apply(call, std::get<json::object>(read), project);
  if (!errors.empty()) return jira_field_errors(errors);
  project.id = call.site.next_id();
  const Project& made = call.site.projects.emplace_back(std::move(project));
  return json_answer(201, {{"self", jira_url(call, "/project/" + made.id)},
                           {"id", parse_whole(made.id).value_or(0)},
                           {"key", made.key}});
}

HttpResponse update_project(ProductCall& call) {
  Project* project = visible_project(call);
  if (project == nullptr) return no_such_project();
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read)) return jira_error(400, problem->describe());
  Project changed = *project;
  const json::object errors = apply(call, std::get<json::object>(read), changed);
  if (!errors.empty()) return jira_field_errors(errors);
  if (changed.key != project->key)
    return jira_error(400, "The emulator does not move issues to another key: a project's key stays.");
  *project = std::move(changed);
  return json_answer(200, jira_project(call, *project));
}

HttpResponse delete_project(ProductCall& call) {
  const Project* project = visible_project(call);
  if (project == nullptr) return no_such_project();
  const std::string key = project->key;
  std::erase_if(call.site.issues, [&](const Issue& issue) { return issue.project == key; });
  std::erase_if(call.site.projects, [&](const Project& other) { return other.key == key; });
  return {204, {}, {}};
}

constexpr std::array kOperations{
    StatefulOperation{"get-project", get_project},
    StatefulOperation{"get-all-projects", get_all_projects},
    StatefulOperation{"search-projects", search_projects},
    StatefulOperation{"create-project", create_project},
    StatefulOperation{"update-project", update_project},
    StatefulOperation{"delete-project", delete_project},
};

}  // namespace

std::span<const StatefulOperation> jira_project_operations() { return kOperations; }

}  // namespace tongs::emulator
