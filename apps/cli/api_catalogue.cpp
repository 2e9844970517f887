#include "cli/api_catalogue.hpp"

#include <array>

namespace tongs::cli {

namespace {

using In = ApiParameter::In;

constexpr std::array kGetIssue = {
    ApiParameter{"issue", "issueIdOrKey", In::path, true, "Id or key of the issue, such as TEST-1"},
    ApiParameter{"fields", "fields", In::query, false, "Fields to return, separated by commas"},
    ApiParameter{"expand", "expand", In::query, false, "More to return, such as names,changelog"},
};

constexpr std::array kGetCurrentUser = {
    ApiParameter{"expand", "expand", In::query, false, "More to return, such as groups"},
};

constexpr std::array kSearchIssues = {
    ApiParameter{"jql", "jql", In::query, true, "What to look for, such as 'project = TEST'"},
    ApiParameter{"fields", "fields", In::query, false, "Fields to return, separated by commas"},
    ApiParameter{"max-results", "maxResults", In::query, false, "Issues on a page"},
    ApiParameter{"next-page-token", "nextPageToken", In::query, false, "Where the last page ended"},
};

constexpr std::array kOperations = {
    ApiOperation{Product::jira, "get-issue", "Read an issue", "GET", "/rest/api/3/issue/{issueIdOrKey}",
                 kGetIssue},
    ApiOperation{Product::jira, "get-current-user", "Read the user in whose name the call is made", "GET",
                 "/rest/api/3/myself", kGetCurrentUser},
    ApiOperation{Product::jira, "search-issues", "Find issues with JQL", "GET", "/rest/api/3/search/jql",
                 kSearchIssues},
};

}  // namespace

std::span<const ApiOperation> api_catalogue() noexcept { return kOperations; }

}  // namespace tongs::cli
