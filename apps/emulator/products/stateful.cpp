#include "emulator/products/stateful.hpp"

#include <algorithm>
#include <initializer_list>

namespace tongs::emulator {

namespace {

AnswerCall find_in(std::initializer_list<std::span<const StatefulOperation>> groups, std::string_view name) {
  for (const auto& group : groups) {
    const auto found = std::find_if(group.begin(), group.end(),
                                    [&](const StatefulOperation& one) { return one.name == name; });
    if (found != group.end()) return found->answer;
  }
  return nullptr;
}

}  // namespace

AnswerCall find_stateful(ApiName api, std::string_view name) {
  switch (api) {
    case ApiName::jira_v3:
    case ApiName::jira_v2:
      return find_in({jira_issue_operations(), jira_bulk_operations(), jira_comment_operations(),
                      jira_worklog_operations(), jira_watcher_operations(), jira_project_operations(),
                      jira_user_operations(), jira_search_operations(), jira_status_operations()},
                     name);
    case ApiName::confluence_v1:
      return find_in({confluence_v1_operations(), confluence_v1_label_operations()}, name);
    case ApiName::confluence_v2:
      return find_in({confluence_page_operations(), confluence_comment_operations(),
                      confluence_label_operations(), confluence_space_operations()},
                     name);
    case ApiName::jira_software:
    case ApiName::jira_service_management:
      break;
  }
  return nullptr;
}

}  // namespace tongs::emulator
