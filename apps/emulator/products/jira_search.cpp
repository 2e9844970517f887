#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/base64url.hpp"
#include "common/number.hpp"
#include "emulator/base/random.hpp"
#include "emulator/products/jira_views.hpp"
#include "emulator/products/jql.hpp"
#include "emulator/products/offset_page.hpp"
#include "emulator/products/stateful.hpp"

namespace tongs::emulator {

namespace {

constexpr std::int64_t kDefaultPage = 50;
constexpr std::int64_t kLargestPage = 100;
constexpr std::int64_t kLargestStart = 1'000'000'000;
constexpr std::size_t kLongestQuery = 8 * 1024;

struct Search {
  std::string jql;
  std::string page_token;
  std::int64_t page = kDefaultPage;
  std::vector<std::string> fields;
};

/// A page token is good for one query of one user only: it says where to go on, and for what.
std::string page_token(const Search& search, std::string_view account, std::size_t start) {
  return base64url_encode(std::to_string(start) + ' ' + uuid_of(search.jql + '\n' + std::string(account)));
}

std::optional<std::size_t> start_of_page(const Search& search, std::string_view account) {
  if (search.page_token.empty()) return 0;
  const auto text = base64url_decode(search.page_token);
  if (!text) return std::nullopt;
  const auto start = parse_whole(std::string_view(*text).substr(0, text->find(' ')));
  if (!start || *start < 0 ||
      page_token(search, account, static_cast<std::size_t>(*start)) != search.page_token) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(*start);
}

json::object shown(const ProductCall& call, const Issue& issue, const std::vector<std::string>& fields) {
  const bool only_ids = fields.empty() || (fields.size() == 1 && fields.front() == "id");
  if (only_ids) return {{"id", issue.id}};
  return jira_issue(call, issue, fields);
}

/// A query that can be run, or why it is not.
std::variant<Jql, HttpResponse> bounded_query(std::string_view text) {
  if (text.size() > kLongestQuery) return jira_error(400, "The JQL query is too long.");
  auto parsed = Jql::parse(text);
  if (const auto* error = std::get_if<JqlError>(&parsed)) return jira_error(400, error->message);
  if (!std::get<Jql>(parsed).bounded()) {
    return jira_error(
        400, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.");
  }
  return std::get<Jql>(std::move(parsed));
}

HttpResponse answer(ProductCall& call, const Search& search) {
  auto query = bounded_query(search.jql);
  if (auto* refused = std::get_if<HttpResponse>(&query)) return std::move(*refused);
  const auto& jql = std::get<Jql>(query);
  const auto start = start_of_page(search, call.account());
  if (!start) return jira_error(400, "The nextPageToken does not belong to this query.");
  const auto found = jql.run(call.site, call.account());
  const std::size_t end = std::min(found.size(), *start + static_cast<std::size_t>(search.page));
  json::array issues;
  for (std::size_t i = *start; i < end; ++i) issues.push_back(shown(call, *found[i], search.fields));
  json::object body{{"issues", std::move(issues)}, {"isLast", end == found.size()}};
  if (end < found.size()) body["nextPageToken"] = page_token(search, call.account(), end);
  return json_answer(200, body);
}

HttpResponse search_issues(ProductCall& call) {
  const auto page = call.http.count("maxResults", kDefaultPage, 1, kLargestPage);
  if (!page) return jira_error(400, "maxResults must be a number.");
  return answer(call, {std::string(call.http.parameter("jql").value_or("")),
                       std::string(call.http.parameter("nextPageToken").value_or("")), *page,
                       call.http.list("fields")});
}

HttpResponse search_issues_by_post(ProductCall& call) {
  auto body = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&body)) return jira_error(400, problem->describe());
  Problem problem;
  Members members(std::get<json::object>(body), "", problem);
  Search search;
  search.jql = members.text("jql").value_or("");
  search.page_token = members.text("nextPageToken").value_or("");
  search.page = std::min(members.integer("maxResults", 1, 5000).value_or(kDefaultPage), kLargestPage);
  search.fields = members.texts("fields");
  for (const auto* accepted : {"expand", "properties", "fieldsByKeys", "reconcileIssues"})
    members.any(accepted);
  members.finish();
  if (problem) return jira_error(400, problem.describe());
  return answer(call, search);
}

/// The searches by offset, which Jira keeps for those who still use them: everything may be searched for.
HttpResponse answer_by_offset(ProductCall& call, const std::string& jql, const OffsetPage& page,
                              std::vector<std::string> fields) {
  if (jql.size() > kLongestQuery) return jira_error(400, "The JQL query is too long.");
  const auto parsed = Jql::parse(jql);
  if (const auto* error = std::get_if<JqlError>(&parsed)) return jira_error(400, error->message);
  if (fields.empty()) fields.emplace_back("*navigable");
  const auto found = std::get<Jql>(parsed).run(call.site, call.account());
  json::array issues;
  for (const std::size_t i : page.of(found.size())) issues.push_back(jira_issue(call, *found[i], fields));
  return json_answer(200, {{"expand", "schema,names"},
                           {"startAt", page.start},
                           {"maxResults", page.most},
                           {"total", found.size()},
                           {"issues", std::move(issues)}});
}

HttpResponse search_by_offset(ProductCall& call) {
  const auto page = offset_page(call.http, kDefaultPage, kLargestPage);
  if (!page) return jira_error(400, "startAt and maxResults must be numbers.");
  return answer_by_offset(call, std::string(call.http.parameter("jql").value_or("")), *page,
                          call.http.list("fields"));
}

HttpResponse search_by_offset_and_post(ProductCall& call) {
  auto body = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&body)) return jira_error(400, problem->describe());
  Problem problem;
  Members members(std::get<json::object>(body), "", problem);
  const std::string jql = members.text("jql").value_or("");
  const OffsetPage page{
      members.integer("startAt", 0, kLargestStart).value_or(0),
      std::min(members.integer("maxResults", 1, kLargestStart).value_or(kDefaultPage), kLargestPage)};
  const auto fields = members.texts("fields");
  for (const auto* accepted : {"expand", "properties", "fieldsByKeys", "validateQuery"})
    members.any(accepted);
  members.finish();
  if (problem) return jira_error(400, problem.describe());
  return answer_by_offset(call, jql, page, fields);
}

HttpResponse count_issues(ProductCall& call) {
  const auto body = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&body)) return jira_error(400, problem->describe());
  const auto query = bounded_query(text_in(std::get<json::object>(body), "jql"));
  if (const auto* refused = std::get_if<HttpResponse>(&query)) return *refused;
  return json_answer(200, {{"count", std::get<Jql>(query).run(call.site, call.account()).size()}});
}

constexpr std::array kOperations{
    StatefulOperation{"search-issues", search_issues},
    StatefulOperation{"search-issues-post", search_issues_by_post},
    StatefulOperation{"count-issues", count_issues},
    StatefulOperation{"search-for-issues-using-jql", search_by_offset},
    StatefulOperation{"search-for-issues-using-jql-post", search_by_offset_and_post},
};

}  // namespace

std::span<const StatefulOperation> jira_search_operations() { return kOperations; }

}  // namespace tongs::emulator
