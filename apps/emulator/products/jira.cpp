#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "emulator/products/jira_search.hpp"
#include "emulator/products/jira_views.hpp"
#include "emulator/products/operation.hpp"

namespace tongs::emulator {

namespace {

HttpResponse server_info(ProductCall& call) {
  return json_answer(200, {{"baseUrl", call.site.url},
                           {"version", "1001.0.0-SNAPSHOT"},
                           {"versionNumbers", json::array{1001, 0, 0}},
                           {"deploymentType", "Cloud"},
                           {"buildNumber", 100000},
                           {"serverTime", iso_time(call.now)},
                           {"serverTitle", "Jira"}});
}

HttpResponse myself(ProductCall& call) { return json_answer(200, jira_user(call, call.account())); }

/// The issue of the path, if the caller may see it.
Issue* visible_issue(const ProductCall& call) {
  Issue* issue = call.site.find_issue(call.parameters.at("issueIdOrKey"));
  return issue != nullptr && may_see(call.site, *issue, call.account()) ? issue : nullptr;
}

HttpResponse no_such_issue() {
  return jira_error(404, "Issue does not exist or you do not have permission to see it.");
}

HttpResponse get_issue(ProductCall& call) {
  const Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  auto fields = call.http.list("fields");
  if (fields.empty()) fields.emplace_back("*all");
  return json_answer(200, jira_issue(call, *issue, fields));
}

/// Sets one field of an issue. Gives what is wrong with the value, or nothing.
using SetField = std::string_view (*)(const ProductCall& call, const json::value& value, Issue& issue);

std::string_view set_summary(const ProductCall&, const json::value& value, Issue& issue) {
  if (!value.is_string() || value.get_string().empty()) return "You must specify a summary of the issue.";
  issue.summary = value.get_string();
  return {};
}

std::string_view set_description(const ProductCall&, const json::value& value, Issue& issue) {
  if (!value.is_null() && !value.is_object()) return "Operation value must be an Atlassian Document.";
  issue.description = value;
  return {};
}

std::string_view set_labels(const ProductCall&, const json::value& value, Issue& issue) {
  std::vector<std::string> labels;
  if (!value.is_array()) return "Labels are a list of texts.";
  for (const auto& label : value.get_array()) {
    if (!label.is_string()) return "Labels are a list of texts.";
    labels.emplace_back(label.get_string());
  }
  issue.labels = std::move(labels);
  return {};
}

std::string_view set_type(const ProductCall&, const json::value& value, Issue& issue) {
  const json::object* type = value.if_object();
  const json::value* name = type == nullptr ? nullptr : type->if_contains("name");
  if (name == nullptr || !name->is_string()) return "Specify an issue type by its name.";
  issue.type = name->get_string();
  return {};
}

std::string_view set_person(const ProductCall& call, const json::value& value, std::string& target) {
  if (value.is_null()) {
    target.clear();
    return {};
  }
  const json::object* person = value.if_object();
  const json::value* id = person == nullptr ? nullptr : person->if_contains("accountId");
  if (id == nullptr && person != nullptr) id = person->if_contains("id");
  if (id == nullptr || !id->is_string() || call.site.find_user(id->get_string()) == nullptr) {
    return "There is no user with this accountId.";
  }
  target = id->get_string();
  return {};
}

std::string_view set_assignee(const ProductCall& call, const json::value& value, Issue& issue) {
  return set_person(call, value, issue.assignee);
}
std::string_view set_reporter(const ProductCall& call, const json::value& value, Issue& issue) {
  return set_person(call, value, issue.reporter);
}
/// Its project is chosen when the issue is made, and stays.
std::string_view keep_project(const ProductCall&, const json::value&, Issue&) { return {}; }

constexpr std::array<std::pair<std::string_view, SetField>, 7> kFields{{
    {"summary", set_summary},
    {"description", set_description},
    {"labels", set_labels},
    {"issuetype", set_type},
    {"assignee", set_assignee},
    {"reporter", set_reporter},
    {"project", keep_project},
}};

/// Puts what `fields` says into an issue. Gives what cannot be set, by name.
json::object apply_fields(const ProductCall& call, const json::object& fields, Issue& issue) {
  json::object errors;
  for (const auto& [name, value] : fields) {
    const auto field =
        std::find_if(kFields.begin(), kFields.end(),
                     [&, wanted = std::string_view(name)](const auto& one) { return one.first == wanted; });
    const std::string_view wrong = field == kFields.end()
                                       ? "Field cannot be set: the emulator does not know it."
                                       : field->second(call, value, issue);
    if (!wrong.empty()) errors[name] = wrong;
  }
  return errors;
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

HttpResponse create_issue(ProductCall& call) {
  auto read = fields_of(call);
  if (auto* refused = std::get_if<HttpResponse>(&read)) return std::move(*refused);
  const auto& fields = std::get<json::object>(read);
  Issue issue;
  issue.reporter = call.account();
  issue.created = issue.updated = call.now;
  json::object errors = apply_fields(call, fields, issue);
  const Project* project = project_of(call, fields);
  if (project == nullptr) errors["project"] = "Specify a valid project by its key or id.";
  if (!fields.contains("summary")) errors["summary"] = "You must specify a summary of the issue.";
  if (!fields.contains("issuetype")) errors["issuetype"] = "Specify an issue type by its name.";
  if (!errors.empty()) return jira_field_errors(errors);
  issue.project = project->key;
  issue.id = call.site.next_id();
  issue.key = next_key(call.site, *project);
  const auto& made = call.site.issues.emplace_back(std::move(issue));
  return json_answer(
      201, {{"id", made.id}, {"key", made.key}, {"self", call.base_url + "/rest/api/3/issue/" + made.id}});
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

HttpResponse get_comments(ProductCall& call) {
  const Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto start = call.http.count("startAt", 0, 0, 1'000'000);
  const auto most = call.http.count("maxResults", 100, 1, 5000);
  if (!start || !most) return jira_error(400, "startAt and maxResults must be numbers.");
  json::array comments;
  for (std::size_t i = static_cast<std::size_t>(*start);
       i < issue->comments.size() && comments.size() < static_cast<std::size_t>(*most); ++i) {
    comments.push_back(jira_comment(call, *issue, issue->comments[i]));
  }
  return json_answer(200, {{"startAt", *start},
                           {"maxResults", *most},
                           {"total", issue->comments.size()},
                           {"comments", std::move(comments)}});
}

HttpResponse add_comment(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  auto body = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&body)) return jira_error(400, problem->describe());
  const json::value* text = std::get<json::object>(body).if_contains("body");
  if (text == nullptr || !text->is_object()) {
    return jira_field_errors({{"comment", "The body must be an Atlassian Document."}});
  }
  issue->comments.push_back({call.site.next_id(), std::string(call.account()), *text, call.now});
  issue->updated = call.now;
  return json_answer(201, jira_comment(call, *issue, issue->comments.back()));
}

}  // namespace

std::span<const Operation> jira_operations() {
  static const std::array operations{
      Operation{"getServerInfo", "GET", "/rest/api/3/serverInfo", {}, server_info},
      Operation{
          "getCurrentUser",
          "GET",
          "/rest/api/3/myself",
          {"read:jira-user", "read:application-role:jira+read:avatar:jira+read:group:jira+read:user:jira"},
          myself},
      Operation{"getIssue",
                "GET",
                "/rest/api/3/issue/{issueIdOrKey}",
                {"read:jira-work",
                 "read:avatar:jira+read:field-configuration:jira+read:issue-meta:jira+"
                 "read:issue-security-level:jira+read:issue.changelog:jira+read:issue.vote:jira+"
                 "read:issue:jira+read:status:jira+read:user:jira"},
                get_issue},
      Operation{"createIssue",
                "POST",
                "/rest/api/3/issue",
                {"write:jira-work",
                 "read:issue:jira+write:attachment:jira+write:comment.property:jira+write:comment:jira+"
                 "write:issue:jira"},
                create_issue},
      Operation{"editIssue",
                "PUT",
                "/rest/api/3/issue/{issueIdOrKey}",
                {"write:jira-work", "write:issue:jira"},
                edit_issue},
      Operation{"getComments",
                "GET",
                "/rest/api/3/issue/{issueIdOrKey}/comment",
                {"read:jira-work",
                 "read:avatar:jira+read:comment.property:jira+read:comment:jira+read:group:jira+"
                 "read:project-role:jira+read:project:jira+read:user:jira"},
                get_comments},
      Operation{"addComment",
                "POST",
                "/rest/api/3/issue/{issueIdOrKey}/comment",
                {"write:jira-work",
                 "read:avatar:jira+read:comment.property:jira+read:comment:jira+read:group:jira+"
                 "read:project-role:jira+read:project:jira+read:user:jira+write:comment:jira"},
                add_comment},
      Operation{"searchAndReconsileIssuesUsingJql",
                "GET",
                "/rest/api/3/search/jql",
                {"read:jira-work",
                 "read:audit-log:jira+read:avatar:jira+read:field-configuration:jira+"
                 "read:issue-details:jira+read:issue-meta:jira"},
                search_issues},
      Operation{"searchAndReconsileIssuesUsingJqlPost",
                "POST",
                "/rest/api/3/search/jql",
                {"read:jira-work",
                 "read:field.default-value:jira+read:field.option:jira+read:field:jira+read:group:jira+"
                 "read:issue-details:jira"},
                search_issues_by_post},
  };
  return operations;
}

}  // namespace tongs::emulator
