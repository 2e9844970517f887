// Watchers and votes of issues.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "emulator/products/jira_views.hpp"
#include "emulator/products/stateful.hpp"

namespace tongs::emulator {

namespace {

void add_once(std::vector<std::string>& accounts, std::string_view account) {
  if (!is_among(accounts, account)) accounts.emplace_back(account);
}

json::array users(const ProductCall& call, const std::vector<std::string>& accounts) {
  json::array shown;
  for (const std::string& account : accounts) shown.push_back(jira_user(call, account));
  return shown;
}

HttpResponse no_such_user() { return jira_error(404, "There is no user with this accountId."); }

HttpResponse get_watchers(ProductCall& call) {
  const Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  json::object shown = jira_watches(call, *issue);
  shown["watchers"] = users(call, issue->watchers);
  return json_answer(200, shown);
}

HttpResponse add_watcher(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto read = parse_json(call.http.body);
  const auto* value = std::get_if<json::value>(&read);
  if (value == nullptr || !value->is_string())
    return jira_error(400, "The body must be an account id as a JSON text.");
  const std::string_view account = value->get_string();
  const User* user = call.site.find_user(account);
  if (user == nullptr) return no_such_user();
  if (!may_see(call.site, *issue, account))
    return jira_error(400, "The user does not have permission to see this issue.");
  add_once(issue->watchers, account);
  return {204, {}, {}};
}

HttpResponse remove_watcher(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto account = call.http.parameter("accountId");
  if (!account) return jira_error(400, "accountId must say who shall no longer watch the issue.");
  if (call.site.find_user(*account) == nullptr) return no_such_user();
  std::erase(issue->watchers, *account);
  return {204, {}, {}};
}

/// Of each issue, whether the caller watches it; of one that he may not see, that he does not.
HttpResponse is_watching(ProductCall& call) {
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read)) return jira_error(400, problem->describe());
  json::object shown;
  if (const auto* ids = array_in(std::get<json::object>(read), "issueIds")) {
    for (const json::value& id : *ids) {
      if (!id.is_string()) continue;
      const std::string_view name = id.get_string();
      const Issue* issue = call.site.find_issue(name);
      const bool visible = issue != nullptr && may_see(call.site, *issue, call.account());
      shown[name] = visible && is_among(issue->watchers, call.account());
    }
  }
  return json_answer(200, {{"issuesIsWatching", std::move(shown)}});
}

HttpResponse get_votes(ProductCall& call) {
  const Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  json::object shown = jira_votes(call, *issue);
  shown["voters"] = users(call, issue->voters);
  return json_answer(200, shown);
}

HttpResponse add_vote(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  if (issue->reporter == call.account())
    return jira_error(404, "You cannot vote for an issue you have reported.");
  add_once(issue->voters, call.account());
  return {204, {}, {}};
}

HttpResponse remove_vote(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  std::erase(issue->voters, call.account());
  return {204, {}, {}};
}

constexpr std::array kOperations{
    StatefulOperation{"get-issue-watchers", get_watchers},
    StatefulOperation{"add-watcher", add_watcher},
    StatefulOperation{"remove-watcher", remove_watcher},
    StatefulOperation{"get-is-watching-issue-bulk", is_watching},
    StatefulOperation{"get-votes", get_votes},
    StatefulOperation{"add-vote", add_vote},
    StatefulOperation{"remove-vote", remove_vote},
};

}  // namespace

std::span<const StatefulOperation> jira_watcher_operations() { return kOperations; }

}  // namespace tongs::emulator
