#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/call_options.hpp>
#include <tongs/client.hpp>
#include <tongs/jira/v3/issues.hpp>
#include <tongs/model.hpp>
#include <tongs/paging.hpp>
#include <tongs/result.hpp>

namespace tongs::jira::v3 {

/// One page of issues that match.
class IssueSearchResults : public Model {
 public:
  using Model::Model;

  ModelList<Issue> issues() const { return {document(), json()["issues"]}; }
  /// Asks for the next page; absent on the last one.
  std::optional<std::string_view> next_page_token() const { return json()["nextPageToken"].string(); }
  std::optional<bool> is_last() const { return json()["isLast"].boolean(); }
};

/// POST /rest/api/3/search/jql
struct SearchIssues {
  /// Must restrict the search: Jira refuses a query that would match everything.
  std::string jql = {};
  /// Fields of each issue to be given; empty: only ids.
  std::vector<std::string> fields = {};
  std::optional<std::int32_t> max_results = {};
  std::optional<std::string> next_page_token = {};
  /// A list with commas, such as `names,changelog`.
  std::optional<std::string> expand = {};
  std::optional<bool> fields_by_keys = {};
  std::vector<std::string> properties = {};
  /// Issues whose latest state must be seen by this search (read your own writes).
  std::vector<std::int64_t> reconcile_issues = {};
};

/// One page. It only reads, so it is repeated like a GET. Needs `read:jira-work`. Errors: as
/// `BoundClient::send_json`, and invalid_argument (a client of another product).
Result<IssueSearchResults> search_issues(const BoundClient& client, const SearchIssues& request,
                                         const CallOptions& call = {});

/// All pages, from `request.next_page_token` on. Errors: invalid_argument (a client of another product).
Result<Pager> search_issues_pages(const BoundClient& client, const SearchIssues& request);

}  // namespace tongs::jira::v3
