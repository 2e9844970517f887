#include "emulator/products/jira_new_issue.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "emulator/products/jira_fields.hpp"
#include "emulator/products/jira_views.hpp"

namespace tongs::emulator {

namespace {

const Project* project_of(const ProductCall& call, const json::object& fields) {
  const json::value* given = fields.if_contains("project");
  const json::object* object = given == nullptr ? nullptr : given->if_object();
  if (object == nullptr) return nullptr;
  for (const auto* name : {"key", "id"}) {
    const json::value* text = object->if_contains(name);
    if (text == nullptr || !text->is_string()) continue;
    const Project* project = call.site.find_project(text->get_string());
    return project != nullptr && may_see(project->visible_to, call.account()) ? project : nullptr;
  }
  return nullptr;
}

std::string next_key(const Site& site, const Project& project) {
  std::int64_t largest = 0;
  for (const auto& issue : site.issues) {
    if (issue.project == project.key) largest = std::max(largest, issue_number(issue.key));
  }
  return project.key + '-' + std::to_string(largest + 1);
}

}  // namespace

NewIssue make_issue(ProductCall& call, const json::object& fields) {
  Issue issue;
  issue.reporter = call.account();
  issue.created = issue.updated = call.now;
  json::object errors = apply_fields(call, fields, issue);
  const Project* project = project_of(call, fields);
  if (project == nullptr) errors["project"] = "Specify a valid project by its key or id.";
  if (!fields.contains("summary")) errors["summary"] = "You must specify a summary of the issue.";
  if (!fields.contains("issuetype")) errors["issuetype"] = "Specify an issue type by its name.";
  if (project == nullptr || !errors.empty()) return {{}, std::move(errors)};
  issue.project = project->key;
  issue.id = call.site.next_id();
  issue.key = next_key(call.site, *project);
  const auto& made = call.site.issues.emplace_back(std::move(issue));
  return {{{"id", made.id}, {"key", made.key}, {"self", jira_url(call, "/issue/" + made.id)}}, {}};
}

}  // namespace tongs::emulator
