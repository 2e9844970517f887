#include "emulator/products/jira_views.hpp"

#include <algorithm>

#include <boost/json/value_from.hpp>

#include "emulator/products/jira_duration.hpp"

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
  json::array worklogs;
  std::chrono::seconds spent{0};
  for (const auto& worklog : issue.worklogs) {
    worklogs.push_back(jira_worklog(call, issue, worklog));
    spent += worklog.spent;
  }
  const auto logs = static_cast<std::int64_t>(worklogs.size());
  return {
      {"summary", issue.summary},
      {"description", jira_document(call, issue.description)},
      {"status", jira_status(issue.status)},
      {"issuetype", {{"name", issue.type}, {"subtask", false}}},
      {"project",
       {{"self", jira_url(call, "/project/" + project->id)},
        {"id", project->id},
        {"key", project->key},
        {"name", project->name}}},
      {"assignee", jira_user(call, issue.assignee)},
      {"reporter", jira_user(call, issue.reporter)},
      {"labels", json::value_from(issue.labels)},
      {"created", iso_time(issue.created)},
      {"updated", iso_time(issue.updated)},
      {"watches", jira_watches(call, issue)},
      {"votes", jira_votes(call, issue)},
      {"timespent", logs == 0 ? json::value(nullptr) : json::value(spent.count())},
      {"worklog", {{"worklogs", std::move(worklogs)}, {"maxResults", logs}, {"total", logs}, {"startAt", 0}}},
      {"comment",
       {{"comments", std::move(comments)}, {"maxResults", count}, {"total", count}, {"startAt", 0}}}};
}

}  // namespace

std::string jira_url(const ProductCall& call, const std::string& path) {
  return call.base_url + (call.api == ApiName::jira_v2 ? "/rest/api/2" : "/rest/api/3") + path;
}

json::value jira_document(const ProductCall& call, const json::value& document) {
  if (call.api != ApiName::jira_v2 || document.is_null()) return document;
  return json::value(text_of(document));
}

json::object jira_status(std::string_view status) {
  return {{"name", status}, {"statusCategory", {{"key", status_category(status)}}}};
}

json::object jira_project(const ProductCall& call, const Project& project) {
  return {{"self", jira_url(call, "/project/" + project.id)},
          {"id", project.id},
          {"key", project.key},
          {"name", project.name},
          {"lead", jira_user(call, project.lead)},
          {"projectTypeKey", "software"},
          {"simplified", false},
          {"style", "classic"},
          {"isPrivate", project.visible_to.has_value()}};
}

Issue* visible_issue(const ProductCall& call) {
  Issue* issue = call.site.find_issue(call.parameters.at("issueIdOrKey"));
  return issue != nullptr && may_see(call.site, *issue, call.account()) ? issue : nullptr;
}

HttpResponse no_such_issue() {
  return jira_error(404, "Issue does not exist or you do not have permission to see it.");
}

json::value jira_user(const ProductCall& call, std::string_view account_id) {
  const User* user = call.site.find_user(account_id);
  if (user == nullptr) return nullptr;
  json::object shown{
      {"self", jira_url(call, "/user?accountId=" + tongs::detail::percent_encode(user->account_id))},
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
          {"self", jira_url(call, "/issue/" + issue.id)},
          {"key", issue.key},
          {"fields", std::move(chosen)}};
}

json::object jira_comment(const ProductCall& call, const Issue& issue, const Comment& comment) {
  return {{"self", jira_url(call, "/issue/" + issue.id + "/comment/" + comment.id)},
          {"id", comment.id},
          {"author", jira_user(call, comment.author)},
          {"body", jira_document(call, comment.body)},
          {"created", iso_time(comment.created)},
          {"updated", iso_time(comment.created)}};
}

json::object jira_worklog(const ProductCall& call, const Issue& issue, const Worklog& worklog) {
  json::object shown{{"self", jira_url(call, "/issue/" + issue.id + "/worklog/" + worklog.id)},
                     {"id", worklog.id},
                     {"issueId", issue.id},
                     {"author", jira_user(call, worklog.author)},
                     {"updateAuthor", jira_user(call, worklog.author)},
                     {"created", iso_time(worklog.created)},
                     {"updated", iso_time(worklog.updated)},
                     {"started", iso_time(worklog.started)},
                     {"timeSpent", time_spent_text(worklog.spent)},
                     {"timeSpentSeconds", worklog.spent.count()}};
  if (!worklog.comment.is_null()) shown["comment"] = jira_document(call, worklog.comment);
  return shown;
}

json::object jira_watches(const ProductCall& call, const Issue& issue) {
  return {{"self", jira_url(call, "/issue/" + issue.key + "/watchers")},
          {"isWatching", is_among(issue.watchers, call.account())},
          {"watchCount", issue.watchers.size()}};
}

json::object jira_votes(const ProductCall& call, const Issue& issue) {
  return {{"self", jira_url(call, "/issue/" + issue.key + "/votes")},
          {"votes", issue.voters.size()},
          {"hasVoted", is_among(issue.voters, call.account())}};
}

}  // namespace tongs::emulator
