#include <algorithm>
#include <array>
#include <utility>
#include <variant>
#include <vector>

#include "emulator/products/jira_views.hpp"
#include "emulator/products/offset_page.hpp"
#include "emulator/products/stateful.hpp"
#include "http/ascii.hpp"

namespace tongs::emulator {

namespace {

using tongs::detail::to_lower;

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

HttpResponse get_user(ProductCall& call) {
  const json::value user = jira_user(call, call.http.parameter("accountId").value_or(""));
  if (user.is_null()) return jira_error(404, "Specified user does not exist or you do not have permission.");
  return json_answer(200, user);
}

HttpResponse users_page(const ProductCall& call, const std::vector<const User*>& users) {
  const auto page = offset_page(call.http, 50, 1000);
  if (!page) return jira_error(400, "startAt and maxResults must be numbers.");
  json::array shown;
  for (const std::size_t i : page->of(users.size())) shown.push_back(jira_user(call, users[i]->account_id));
  return json_answer(200, shown);
}

HttpResponse get_all_users(ProductCall& call) {
  std::vector<const User*> users;
  for (const User& user : call.site.users) users.push_back(&user);
  return users_page(call, users);
}

/// People, who are active, of that account, or whose name or address starts with the query or has a word that
/// does.
std::vector<const User*> matching_users(const ProductCall& call) {
  const auto query = call.http.parameter("query");
  const auto account = call.http.parameter("accountId");
  const auto starts = [&](const std::string& text) {
    const std::string lower = to_lower(text), wanted = to_lower(query.value_or(""));
    return lower.starts_with(wanted) || lower.find(' ' + wanted) != std::string::npos;
  };
  std::vector<const User*> found;
  for (const User& user : call.site.users) {
    const bool fits = account ? user.account_id == *account : starts(user.name) || starts(user.email);
    if (fits && user.kind != UserKind::inactive) found.push_back(&user);
  }
  return found;
}

HttpResponse find_users(ProductCall& call) {
  if (!call.http.parameter("query") && !call.http.parameter("accountId"))
    return jira_error(400, "Either query or accountId must be given.");
  return users_page(call, matching_users(call));
}

/// Where an issue is to be assigned: what the call names must be there, and be seen by who is found.
std::variant<std::vector<Visibility>, HttpResponse> place_of_assignment(const ProductCall& call) {
  std::vector<Visibility> seen_by;
  const auto project = call.http.parameter("project");
  auto key = call.http.parameter("issueKey");
  if (!key) key = call.http.parameter("issueId");
  if (!project && !key) return jira_error(400, "Either project or issueKey must be given.");
  const Issue* issue = key ? call.site.find_issue(*key) : nullptr;
  if (key && (issue == nullptr || !may_see(call.site, *issue, call.account()))) return no_such_issue();
  const Project* place =
      call.site.find_project(issue != nullptr ? std::string_view(issue->project) : *project);
  if (place == nullptr || !may_see(place->visible_to, call.account()))
    return jira_error(404, "No project could be found with this key or id, or you may not see it.");
  seen_by.push_back(place->visible_to);
  if (issue != nullptr) seen_by.push_back(issue->visible_to);
  return seen_by;
}

HttpResponse find_assignable_users(ProductCall& call) {
  const auto place = place_of_assignment(call);
  if (const auto* refused = std::get_if<HttpResponse>(&place)) return *refused;
  auto found = matching_users(call);
  std::erase_if(found, [&](const User* user) {
    const auto& seen_by = std::get<std::vector<Visibility>>(place);
    return user->kind != UserKind::active ||
           !std::all_of(seen_by.begin(), seen_by.end(),
                        [&](const Visibility& visibility) { return may_see(visibility, user->account_id); });
  });
  return users_page(call, found);
}

HttpResponse bulk_get_users(ProductCall& call) {
  const auto page = offset_page(call.http, 10, 200);
  if (!page) return jira_error(400, "startAt and maxResults must be numbers.");
  std::vector<const User*> found;
  for (const std::string& account : call.http.list("accountId")) {
    if (const User* user = call.site.find_user(account)) found.push_back(user);
  }
  json::array values;
  for (const std::size_t i : page->of(found.size())) values.push_back(jira_user(call, found[i]->account_id));
  return jira_page(*page, found.size(), std::move(values));
}

constexpr std::array kOperations{
    StatefulOperation{"get-server-info", server_info},
    StatefulOperation{"get-current-user", myself},
    StatefulOperation{"get-user", get_user},
    StatefulOperation{"get-all-users", get_all_users},
    StatefulOperation{"get-all-users-default", get_all_users},
    StatefulOperation{"find-users", find_users},
    StatefulOperation{"find-assignable-users", find_assignable_users},
    StatefulOperation{"bulk-get-users", bulk_get_users},
};

}  // namespace

std::span<const StatefulOperation> jira_user_operations() { return kOperations; }

}  // namespace tongs::emulator
