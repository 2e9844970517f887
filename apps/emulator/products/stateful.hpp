#pragma once
#include <span>
#include <string_view>

#include "emulator/products/product_call.hpp"

namespace tongs::emulator {

using AnswerCall = HttpResponse (*)(ProductCall& call);

/// An operation that has the state of a site behind it, by its name in the table of operations.
struct StatefulOperation {
  std::string_view name;
  AnswerCall answer;
};

/// Those of Jira's platform API, v3 and v2.
std::span<const StatefulOperation> jira_issue_operations();
std::span<const StatefulOperation> jira_bulk_operations();
std::span<const StatefulOperation> jira_comment_operations();
std::span<const StatefulOperation> jira_worklog_operations();
std::span<const StatefulOperation> jira_watcher_operations();
std::span<const StatefulOperation> jira_project_operations();
std::span<const StatefulOperation> jira_user_operations();
std::span<const StatefulOperation> jira_search_operations();
std::span<const StatefulOperation> jira_status_operations();
/// Those of Confluence: v2, then what v1 still has.
std::span<const StatefulOperation> confluence_page_operations();
std::span<const StatefulOperation> confluence_space_operations();
std::span<const StatefulOperation> confluence_comment_operations();
std::span<const StatefulOperation> confluence_label_operations();
std::span<const StatefulOperation> confluence_v1_operations();
std::span<const StatefulOperation> confluence_v1_label_operations();

/// What answers an operation; null if nothing is behind it.
AnswerCall find_stateful(ApiName api, std::string_view name);

}  // namespace tongs::emulator
