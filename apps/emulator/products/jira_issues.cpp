#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "emulator/products/jira_fields.hpp"
#include "emulator/products/jira_new_issue.hpp"
#include "emulator/products/jira_views.hpp"
#include "emulator/products/stateful.hpp"

namespace tongs::emulator {

namespace {

HttpResponse get_issue(ProductCall& call) {
  const Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  auto fields = call.http.list("fields");
  if (fields.empty()) fields.emplace_back("*all");
  return json_answer(200, jira_issue(call, *issue, fields));
}

/// The object under `fields` of the request's body.
std::variant<json::object, HttpResponse> fields_of(const ProductCall& call) {
  auto body = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&body)) return jira_error(400, problem->describe());
  const json::value* fields = std::get<json::object>(body).if_contains("fields");
  if (fields == nullptr || !fields->is_object()) {
    return jira_error(400, "The body must hold the object fields; the emulator understands nothing else.");
  }
  return fields->get_object();
}

HttpResponse create_issue(ProductCall& call) {
  auto read = fields_of(call);
  if (auto* refused = std::get_if<HttpResponse>(&read)) return std::move(*refused);
  const NewIssue made = make_issue(call, std::get<json::object>(read));
  return made.errors.empty() ? json_answer(201, made.created) : jira_field_errors(made.errors);
}

HttpResponse edit_issue(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  auto read = fields_of(call);
  if (auto* refused = std::get_if<HttpResponse>(&read)) return std::move(*refused);
  Issue changed = *issue;
  const json::object errors = apply_fields(call, std::get<json::object>(read), changed);
  if (!errors.empty()) return jira_field_errors(errors);
  changed.updated = call.now;
  *issue = std::move(changed);
  return {204, {}, {}};
}

HttpResponse delete_issue(ProductCall& call) {
  const Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  std::erase_if(call.site.issues, [id = issue->id](const Issue& other) { return other.id == id; });
  return {204, {}, {}};
}

HttpResponse assign_issue(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  auto body = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&body)) return jira_error(400, problem->describe());
  auto account = read_person(call.site, std::get<json::object>(body));
  if (!account) return jira_field_errors({{"assignee", "There is no user with this accountId."}});
  issue->assignee = *std::move(account);
  issue->updated = call.now;
  return {204, {}, {}};
}

HttpResponse get_transitions(ProductCall& call) {
  const Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto wanted = call.http.parameter("transitionId");
  json::array transitions;
  for (const auto& [id, status] : kJiraTransitions) {
    if (status == issue->status || (wanted && *wanted != id)) continue;
    transitions.push_back(json::object{{"id", id},
                                       {"name", status},
                                       {"to", jira_status(status)},
                                       {"hasScreen", false},
                                       {"isAvailable", true}});
  }
  return json_answer(200, {{"expand", "transitions"}, {"transitions", std::move(transitions)}});
}

/// The status that the transition of the request's body leads to; empty if there is no such transition.
std::string_view status_after(const json::object& body, std::string_view status) {
  const json::value* transition = body.if_contains("transition");
  const json::object* object = transition == nullptr ? nullptr : transition->if_object();
  const json::value* id = object == nullptr ? nullptr : object->if_contains("id");
  if (id == nullptr || !id->is_string()) return {};
  for (const auto& [known, leads_to] : kJiraTransitions) {
    if (known == std::string_view(id->get_string()) && leads_to != status) return leads_to;
  }
  return {};
}

HttpResponse do_transition(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read)) return jira_error(400, problem->describe());
  const auto& body = std::get<json::object>(read);
  Issue changed = *issue;
  const std::string_view status = status_after(body, issue->status);
  if (status.empty())
    return jira_error(400, "It is not on the appropriate workflow step: no such transition.");
  if (const json::value* fields = body.if_contains("fields"); fields != nullptr && fields->is_object()) {
    const json::object errors = apply_fields(call, fields->get_object(), changed);
    if (!errors.empty()) return jira_field_errors(errors);
  }
  changed.status = status;
  changed.updated = call.now;
  *issue = std::move(changed);
  return {204, {}, {}};
}

constexpr std::array kOperations{
    StatefulOperation{"get-issue", get_issue},         StatefulOperation{"create-issue", create_issue},
    StatefulOperation{"edit-issue", edit_issue},       StatefulOperation{"delete-issue", delete_issue},
    StatefulOperation{"assign-issue", assign_issue},   StatefulOperation{"get-transitions", get_transitions},
    StatefulOperation{"do-transition", do_transition},
};

}  // namespace

std::span<const StatefulOperation> jira_issue_operations() { return kOperations; }

}  // namespace tongs::emulator
