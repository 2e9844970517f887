#include "emulator/products/jira_views.hpp"

#include <algorithm>

#include <boost/json/value_from.hpp>

namespace tongs::emulator {

namespace {

std::string_view account_type(UserKind kind) noexcept {
  if (kind == UserKind::app) return "app";
  return kind == UserKind::customer ? "customer" : "atlassian";
}

std::string_view status_category(std::string_view status) noexcept {
  if (status == "Done") return "done";
  return status == "To Do" ? "new" : "indeterminate";
}

bool wants(const std::vector<std::string>& fields, std::string_view name) {
  bool wanted = false;
  for (const auto& field : fields) {
    if (field == "*all" || field == "*navigable" || field == name) wanted = true;
    if (field.starts_with('-') && std::string_view(field).substr(1) == name) wanted = false;
  }
  return wanted;
}

json::object all_fields(const ProductCall& call, const Issue& issue) {
  const Project* project = call.site.find_project(issue.project);
  json::array comments;
  for (const auto& comment : issue.comments) comments.push_back(jira_comment(call, issue, comment));
  const auto count = static_cast<std::int64_t>(comments.size());
  return {{"summary", issue.summary},
          {"description", issue.description},
          {"status", {{"name", issue.status}, {"statusCategory", {{"key", status_category(issue.status)}}}}},
          {"issuetype", {{"name", issue.type}, {"subtask", false}}},
          {"project",
           {{"self", call.base_url + "/rest/api/3/project/" + project->id},
            {"id", project->id},
            {"key", project->key},
            {"name", project->name}}},
          {"assignee", jira_user(call, issue.assignee)},
          {"reporter", jira_user(call, issue.reporter)},
          {"labels", json::value_from(issue.labels)},
          {"created", iso_time(issue.created)},
          {"updated", iso_time(issue.updated)},
          {"comment",
           {{"comments", std::move(comments)}, {"maxResults", count}, {"total", count}, {"startAt", 0}}}};
}

}  // namespace

json::value jira_user(const ProductCall& call, std::string_view account_id) {
  const User* user = call.site.find_user(account_id);
  if (user == nullptr) return nullptr;
  json::object shown{{"self", call.base_url + "/rest/api/3/user?accountId=" +
                                  tongs::detail::percent_encode(user->account_id)},
                     {"accountId", user->account_id},
                     {"accountType", account_type(user->kind)},
                     {"displayName", user->name},
                     {"active", user->kind != UserKind::inactive},
                     {"timeZone", "Etc/UTC"}};
  if (!user->email.empty()) shown["emailAddress"] = user->email;
  return shown;
}

json::object jira_issue(const ProductCall& call, const Issue& issue, const std::vector<std::string>& fields) {
  json::object chosen;
  for (auto& [name, value] : all_fields(call, issue)) {
    if (wants(fields, name)) chosen[name] = std::move(value);
  }
  return {{"id", issue.id},
          {"self", call.base_url + "/rest/api/3/issue/" + issue.id},
          {"key", issue.key},
          {"fields", std::move(chosen)}};
}

json::object jira_comment(const ProductCall& call, const Issue& issue, const Comment& comment) {
  return {{"self", call.base_url + "/rest/api/3/issue/" + issue.id + "/comment/" + comment.id},
          {"id", comment.id},
          {"author", jira_user(call, comment.author)},
          {"body", comment.body},
          {"created", iso_time(comment.created)},
          {"updated", iso_time(comment.created)}};
}

}  // namespace tongs::emulator
