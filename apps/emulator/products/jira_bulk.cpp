#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/number.hpp"
#include "emulator/products/jira_new_issue.hpp"
#include "emulator/products/jira_views.hpp"
#include "emulator/products/jql.hpp"
#include "emulator/products/stateful.hpp"

namespace tongs::emulator {

namespace {

constexpr std::size_t kMostNew = 50;
constexpr std::size_t kMostFetched = 100;

/// The list under `name` of the request's body, if there are no more than so many items in it.
std::variant<json::array, HttpResponse> list_in_body(const ProductCall& call, std::string_view name,
                                                     std::size_t most) {
  auto body = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&body)) return jira_error(400, problem->describe());
  const auto* list = array_in(std::get<json::object>(body), name);
  if (list == nullptr || list->empty())
    return jira_error(400, std::string(name) + " must be a list that is not empty.");
  if (list->size() > most) {
    return jira_error(400, "The number of items in " + std::string(name) + " must be at most " +
                               std::to_string(most) + '.');
  }
  return *list;
}

/// The fields of one of the updates of a bulk; empty if it has none, which no issue can be made of.
json::object fields_of(const json::value& update) {
  const auto* object = update.if_object();
  const auto* fields = object == nullptr ? nullptr : object_in(*object, "fields");
  return fields == nullptr ? json::object() : *fields;
}

/// Those that are right are made, whatever becomes of the others.
HttpResponse create_issues(ProductCall& call) {
  auto read = list_in_body(call, "issueUpdates", kMostNew);
  if (auto* refused = std::get_if<HttpResponse>(&read)) return std::move(*refused);
  const auto& updates = std::get<json::array>(read);
  json::array issues;
  json::array errors;
  for (std::size_t i = 0; i < updates.size(); ++i) {
    NewIssue made = make_issue(call, fields_of(updates[i]));
    if (made.errors.empty()) {
      issues.push_back(std::move(made.created));
      continue;
    }
    errors.push_back(json::object{
        {"status", 400},
        {"elementErrors", {{"errorMessages", json::array{}}, {"errors", std::move(made.errors)}}},
        {"failedElementNumber", i}});
  }
  const int status = issues.empty() ? 400 : 201;
  return json_answer(status, {{"issues", std::move(issues)}, {"errors", std::move(errors)}});
}

std::vector<std::string> texts_in(const ProductCall& call, std::string_view name) {
  const auto body = parse_json_object(call.http.body);
  const auto* list = array_in(std::get<json::object>(body), name);
  std::vector<std::string> texts;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    if ((*list)[i].is_string()) texts.emplace_back((*list)[i].get_string());
  }
  return texts;
}

/// Each issue once, in the order of the issues; what is not there, or not to be seen, is an error.
HttpResponse bulk_fetch_issues(ProductCall& call) {
  auto read = list_in_body(call, "issueIdsOrKeys", kMostFetched);
  if (auto* refused = std::get_if<HttpResponse>(&read)) return std::move(*refused);
  auto fields = texts_in(call, "fields");
  if (fields.empty()) fields.emplace_back("*navigable");
  std::vector<const Issue*> found;
  json::array errors;
  for (const auto& wanted : std::get<json::array>(read)) {
    const std::string id(wanted.is_string() ? std::string_view(wanted.get_string()) : std::string_view());
    const Issue* issue = call.site.find_issue(id);
    if (issue == nullptr || !may_see(call.site, *issue, call.account())) {
      errors.push_back(
          json::object{{"id", id}, {"errorMessage", "Issue does not exist or you cannot see it."}});
    } else if (std::find(found.begin(), found.end(), issue) == found.end()) {
      found.push_back(issue);
    }
  }
  std::sort(found.begin(), found.end());
  json::array issues;
  for (const Issue* issue : found) issues.push_back(jira_issue(call, *issue, fields));
  return json_answer(200, {{"issues", std::move(issues)}, {"issueErrors", std::move(errors)}});
}

/// Which of the issues with these ids a query finds, or why it cannot be run.
json::object matches_of(const ProductCall& call, std::string_view text, const json::array& ids) {
  json::array matched;
  const auto parsed = Jql::parse(text);
  if (const auto* error = std::get_if<JqlError>(&parsed))
    return {{"matchedIssues", std::move(matched)}, {"errors", json::array{error->message}}};
  for (const Issue* issue : std::get<Jql>(parsed).run(call.site, call.account())) {
    const bool asked = std::any_of(ids.begin(), ids.end(), [&](const json::value& id) {
      return id.is_int64() && std::to_string(id.get_int64()) == issue->id;
    });
    if (asked) matched.emplace_back(parse_whole(issue->id).value_or(0));
  }
  return {{"matchedIssues", std::move(matched)}, {"errors", json::array{}}};
}

HttpResponse match_issues(ProductCall& call) {
  const auto body = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&body)) return jira_error(400, problem->describe());
  const auto* ids = array_in(std::get<json::object>(body), "issueIds");
  json::array matches;
  for (const std::string& jql : texts_in(call, "jqls"))
    matches.push_back(matches_of(call, jql, ids == nullptr ? json::array() : *ids));
  return json_answer(200, {{"matches", std::move(matches)}});
}

constexpr std::array kOperations{
    StatefulOperation{"create-issues", create_issues},
    StatefulOperation{"bulk-fetch-issues", bulk_fetch_issues},
    StatefulOperation{"match-issues", match_issues},
};

}  // namespace

std::span<const StatefulOperation> jira_bulk_operations() { return kOperations; }

}  // namespace tongs::emulator
