#include <tongs/jira/v3/issue_search.hpp>

#include "client/json_object.hpp"
#include "client/typed_call.hpp"

namespace tongs::jira::v3 {

namespace {

std::string body_of(const SearchIssues& request) {
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  detail::JsonObject body;
  body.add("jql", json_quote(request.jql));
  if (!request.fields.empty()) body.add("fields", detail::json_array(request.fields, json_quote));
  if (request.max_results) body.add("maxResults", number(*request.max_results));
  if (request.next_page_token) body.add("nextPageToken", json_quote(*request.next_page_token));
  if (request.expand) body.add("expand", json_quote(*request.expand));
  if (request.fields_by_keys) body.add("fieldsByKeys", *request.fields_by_keys ? "true" : "false");
  if (!request.properties.empty()) body.add("properties", detail::json_array(request.properties, json_quote));
  if (!request.reconcile_issues.empty()) {
    body.add("reconcileIssues", detail::json_array(request.reconcile_issues, number));
  }
  return body.text();
}

ApiRequest to_api(const SearchIssues& request) {
  return {.method = "POST", .path = "/rest/api/3/search/jql", .body = body_of(request), .idempotent = true};
}

}  // namespace

Result<IssueSearchResults> search_issues(const BoundClient& client, const SearchIssues& request,
                                         const CallOptions& call) {
  return detail::call_for<IssueSearchResults>(client, Product::jira, to_api(request), call);
}

Result<Pager> search_issues_pages(const BoundClient& client, const SearchIssues& request) {
  if (auto fine = detail::check_product(client, Product::jira); !fine) return fine.error();
  return Pager(client, to_api(request), {.kind = PageKind::token, .items = "issues", .in_body = true});
}

}  // namespace tongs::jira::v3
