#include "manifest/rules/known_scopes.hpp"

#include <algorithm>
#include <array>

namespace tongs::manifest::rules {

namespace {

constexpr std::string_view kText = R"(
access-email-addresses:connect-confluence access-email-addresses:connect-jira act-as-user:connect-confluence
act-as-user:connect-jira admin:connect-confluence admin:connect-jira admin:pipeline:bitbucket
admin:project:bitbucket admin:repository:bitbucket admin:workspace:bitbucket delete:async-task:jira
delete:attachment:confluence delete:attachment:jira delete:avatar:jira delete:blogpost:confluence
delete:board-scope.admin:jira-software delete:build-info:jira delete:calendar-info:jira
delete:cmdb-attribute:jira delete:cmdb-config:jira delete:cmdb-object:jira delete:cmdb-schema:jira
delete:cmdb-type:jira delete:comment-info:jira delete:comment.property:jira delete:comment:confluence
delete:comment:jira delete:connect-confluence delete:connect-jira delete:content:confluence
delete:conversation-info:jira delete:custom-content:confluence delete:customer-org-info:jira
delete:customer.detail-field:jira-service-management delete:customer:jira-service-management
delete:dashboard.property:jira delete:dashboard:jira delete:database:confluence delete:deal-info:jira
delete:deployment-info:jira delete:design:jira delete:dev-info:jira delete:devops-component-info:jira
delete:document-info:jira delete:embed:confluence delete:entitlement.detail-field:jira-service-management
delete:entitlement:jira-service-management delete:feature-flag-info:jira
delete:field-configuration-scheme:jira delete:field-configuration:jira delete:field.option:jira
delete:field:jira delete:filter.column:jira delete:filter:jira delete:folder:confluence delete:group:jira
delete:issue-adjustments:jira delete:issue-link-type:jira delete:issue-link:jira
delete:issue-type-scheme:jira delete:issue-type-screen-scheme:jira delete:issue-type.property:jira
delete:issue-type:jira delete:issue-worklog.property:jira delete:issue-worklog:jira
delete:issue.property:jira delete:issue.remote-link:jira delete:issue:jira delete:notes:customer-notes
delete:object:jira delete:operations-info:jira delete:ops-alert:jira-service-management
delete:ops-config:jira-service-management delete:organization.detail-field:jira-service-management
delete:organization.property:jira-service-management delete:organization.user:jira-service-management
delete:organization:jira-service-management delete:page:confluence delete:permission-scheme:jira
delete:permission:bitbucket delete:permission:jira delete:priority-scheme:jira
delete:product:jira-service-management delete:project-category:jira delete:project-info:jira
delete:project-role:jira delete:project-version:jira delete:project.avatar:jira
delete:project.component:jira delete:project.property:jira delete:project:jira delete:remote-link-info:jira
delete:repository:bitbucket delete:request.feedback:jira-service-management
delete:request.notification:jira-service-management delete:request.participant:jira-service-management
delete:requesttype.property:jira-service-management delete:screen-scheme:jira delete:screen-tab:jira
delete:screen:jira delete:screenable-field:jira delete:security:jira
delete:servicedesk.customer:jira-service-management delete:servicedesk.organization:jira-service-management
delete:servicedesk.property:jira-service-management delete:space-info:jira delete:space:confluence
delete:sprint:jira-software delete:user-configuration:jira delete:user.columns:jira
delete:user.property:jira delete:webhook:jira delete:whiteboard:confluence delete:work-item-info:jira
delete:workflow-scheme:jira delete:workflow.property:jira delete:workflow:jira
import:cmdb-import-configuration:jira import:import-configuration:cmdb manage:confluence-configuration
manage:jira-configuration manage:jira-data-provider manage:jira-project manage:jira-webhook
manage:servicedesk-customer moderate:confluence-comments moderate:confluence-content
project-admin:connect-jira read:account read:account:brie read:airtrack-object:jira
read:analytics.content:confluence read:app-data:confluence read:app-data:jira
read:app-global-channel:realtime read:app-notification:confluence read:app-notification:jira
read:app-system-token read:app-user-token read:application-role:jira read:artifact:artifacts
read:attachment:confluence read:attachment:jira read:audit-log:confluence read:audit-log:jira
read:avatar:jira read:backup:brie read:blogpost:confluence read:board-scope.admin:jira-software
read:board-scope:jira-software read:build-info:jira read:build:jira-software read:calendar-info:jira
read:chat:rovo read:cmdb-attribute:jira read:cmdb-config:jira read:cmdb-icon:jira read:cmdb-object:jira
read:cmdb-schema:jira read:cmdb-type:jira read:comment-info:jira read:comment.property:jira
read:comment:confluence read:comment:jira read:component:compass read:configuration:confluence
read:confluence-content.all read:confluence-content.permission read:confluence-content.summary
read:confluence-groups read:confluence-props read:confluence-space.summary read:confluence-user
read:confluence:agent-interface read:connect-confluence read:connect-jira read:content-details:confluence
read:content.metadata:confluence read:content.permission:confluence read:content.property:confluence
read:content.restriction:confluence read:content:confluence read:contribution:capacity-planning
read:contributor-work-association:capacity-planning read:conversation-info:jira
read:custom-content:confluence read:custom-field-contextual-configuration:jira read:customer-org:jira
read:customer.detail-field:jira-service-management read:customer.detail:jira-service-management
read:customer.profile:jira-service-management read:customer:entitlement:jira-service-management
read:customer:jira-service-management read:dashboard.property:jira read:dashboard:jira
read:database:confluence read:deal-info:jira read:deployment-info:jira read:deployment:jira-software
read:design:jira read:dev-info:jira read:devops-component-info:jira read:document-info:jira
read:email-address:confluence read:email-address:jira read:embed:confluence
read:entitlement.detail-field:jira-service-management read:entitlement.detail:jira-service-management
read:entitlement:jira-service-management read:entitlements:ccg read:entitlements:fsag
read:epic:jira-software read:event:compass read:feature-flag-info:jira read:feature-flag:jira-software
read:field-configuration-scheme:jira read:field-configuration:jira read:field.default-value:jira
read:field.option:jira read:field.options:jira read:field:jira read:filter.column:jira
read:filter.default-share-scope:jira read:filter:jira read:folder:confluence read:forge-app:confluence
read:forge-app:jira read:forge-proxy:support-api-gateway read:graph:assets-object:atlassian
read:graph:blogpost:confluence read:graph:board:jira read:graph:branch:external read:graph:build:external
read:graph:calendar-event:external read:graph:change-proposal:focus read:graph:comment:atlassian
read:graph:comment:confluence read:graph:comment:external read:graph:comment:loom read:graph:commit:external
read:graph:component-link:compass read:graph:component:compass read:graph:confluence
read:graph:conversation:external read:graph:customer-contact:external
read:graph:customer-org-category:external read:graph:customer-org:external read:graph:dashboard:external
read:graph:data-table:external read:graph:database:confluence read:graph:deal:external
read:graph:deployment:external read:graph:design:external read:graph:document:external
read:graph:feature-flag:external read:graph:focus-area-status-update:focus read:graph:focus-area:focus
read:graph:folder:confluence read:graph:goal-update:atlassian read:graph:goal:atlassian
read:graph:issue-comment:jira read:graph:issue-remote-link:jira read:graph:issue-status:jira
read:graph:issue-worklog:jira read:graph:issue:jira read:graph:jira read:graph:meeting-recurrence:loom
read:graph:meeting:loom read:graph:message:external read:graph:organisation:external
read:graph:page:confluence read:graph:position:external read:graph:position:talent read:graph:priority:jira
read:graph:project-update:atlassian read:graph:project:atlassian read:graph:project:external
read:graph:project:jira read:graph:pull-request:external read:graph:remote-link:external
read:graph:repository:external read:graph:scorecard:compass read:graph:service:external
read:graph:space:confluence read:graph:space:external read:graph:space:loom read:graph:sprint:jira
read:graph:tag:atlassian read:graph:team-type:atlassian read:graph:team:atlassian read:graph:team:opsgenie
read:graph:user:atlassian read:graph:version:jira read:graph:video:external read:graph:video:loom
read:graph:vulnerability:external read:graph:whiteboard:confluence read:graph:work-item:external
read:graph:worker:external read:graph:worker:talent read:group:confluence read:group:jira
read:hierarchical-content:confluence read:incident:jira-service-management read:inlinetask:confluence
read:instance-configuration:jira read:issue-adjustments:jira read:issue-details:jira read:issue-event:jira
read:issue-field-values:jira read:issue-link-type:jira read:issue-link:jira read:issue-meta:jira
read:issue-security-level:jira read:issue-security-scheme:jira read:issue-status:jira
read:issue-type-hierarchy:jira read:issue-type-scheme:jira read:issue-type-screen-scheme:jira
read:issue-type-transition:jira read:issue-type.property:jira read:issue-type:jira
read:issue-worklog.property:jira read:issue-worklog:jira read:issue.changelog:jira read:issue.property:jira
read:issue.remote-link:jira read:issue.time-tracking:jira read:issue.transition:jira read:issue.vote:jira
read:issue.votes:jira read:issue.watcher:jira read:issue:jira read:issue:jira-software
read:jira-expressions:jira read:jira-user read:jira-work read:jira:agent-interface read:jql:jira
read:knowledgebase:jira-service-management read:label:confluence read:label:jira read:license:jira
read:mail-logs.connectivity:jira-service-management read:mail-logs.processing:jira-service-management
read:me read:media-credentials:jira read:metric:compass read:non-project-work:capacity-planning
read:notes:customer-notes read:notification-scheme:jira read:object:jira read:operations-info:jira
read:ops-alert:jira-service-management read:ops-config:jira-service-management
read:organization.detail-field:jira-service-management read:organization.detail:jira-service-management
read:organization.profile:jira-service-management read:organization.property:jira-service-management
read:organization.user:jira-service-management read:organization:entitlement:jira-service-management
read:organization:jira-service-management read:page:confluence read:permission-scheme:jira
read:permission:bitbucket read:permission:confluence read:permission:jira read:pipeline:bitbucket
read:priority-scheme:jira read:priority:jira read:product:jira-service-management read:project-category:jira
read:project-info:jira read:project-role:jira read:project-type:jira read:project-version:jira
read:project.avatar:jira read:project.component:jira read:project.email:jira read:project.feature:jira
read:project.property:jira read:project:bitbucket read:project:jira read:pullrequest:bitbucket
read:queue:jira-service-management read:relation:confluence read:remote-link-info:jira
read:remote-link:jira-software read:repository:bitbucket read:request.action:jira-service-management
read:request.approval:jira-service-management read:request.attachment:jira-service-management
read:request.comment:jira-service-management read:request.feedback:jira-service-management
read:request.notification:jira-service-management read:request.participant:jira-service-management
read:request.sla:jira-service-management read:request.status:jira-service-management
read:request:jira-service-management read:requesttype.property:jira-service-management
read:requesttype:jira-service-management read:resolution:jira read:restore:brie read:role:jira
read:runner:bitbucket read:scorecard:compass read:screen-field:jira read:screen-scheme:jira
read:screen-tab:jira read:screen:jira read:screenable-field:jira read:security:jira read:servicedesk-request
read:servicedesk.customer:jira-service-management read:servicedesk.organization:jira-service-management
read:servicedesk.property:jira-service-management read:servicedesk:jira-service-management
read:servicemanagement-insight-objects read:source-code:jira-software read:space-details:confluence
read:space-info:jira read:space.permission:confluence read:space.property:confluence
read:space.setting:confluence read:space:confluence read:sprint:jira-software read:status:jira
read:task:confluence read:task:jira-service-management read:template:confluence read:user-configuration:jira
read:user.columns:jira read:user.property:confluence read:user.property:jira read:user:bitbucket
read:user:confluence read:user:jira read:viewers:support-api-gateway read:watcher:confluence
read:webhook:jira read:whiteboard:confluence read:work-item-info:jira read:workflow-scheme:jira
read:workflow.property:jira read:workflow:jira read:workspace:bitbucket
readonly:content.attachment:confluence redact:issue:jira report:personal-data search:confluence
search:confluence:agent-interface search:jira:agent-interface send:app-notification:confluence
send:app-notification:jira send:notification:jira space-admin:connect-confluence storage:app
validate:jql:jira view:membership-temp:teams view:membership:teams view:team-temp:teams view:team:teams
write:airtrack-object:jira write:app-data:confluence write:app-data:jira write:artifact:artifacts
write:attachment:confluence write:attachment:jira write:audit-log:confluence write:avatar:jira
write:backup:brie write:blogpost:confluence write:board-scope.admin:jira-software
write:board-scope:jira-software write:build-info:jira write:build:jira-software write:calendar-info:jira
write:cmdb-attribute:jira write:cmdb-config:jira write:cmdb-object:jira write:cmdb-schema:jira
write:cmdb-type:jira write:comment-info:jira write:comment.property:jira write:comment:confluence
write:comment:jira write:component:compass write:configuration:confluence write:confluence-content
write:confluence-file write:confluence-groups write:confluence-props write:confluence-space
write:confluence:agent-interface write:connect-confluence write:connect-jira
write:content.property:confluence write:content.restriction:confluence write:content:confluence
write:contribution:capacity-planning write:contributor-work-association:capacity-planning
write:conversation-info:jira write:csm-request:jira-service-management write:custom-content:confluence
write:custom-field-contextual-configuration:jira write:customer-org-info:jira
write:customer.detail-field:jira-service-management write:customer.detail:jira-service-management
write:customer.profile:jira-service-management write:customer:entitlement:jira-service-management
write:customer:jira-service-management write:dashboard.property:jira write:dashboard:jira
write:database:confluence write:deal-info:jira write:deployment-info:jira write:deployment:jira-software
write:design:jira write:dev-info:jira write:devops-component-info:jira write:document-info:jira
write:embed:confluence write:entitlement.detail-field:jira-service-management
write:entitlement.detail:jira-service-management write:entitlement:jira-service-management
write:epic:jira-software write:event:compass write:feature-flag-info:jira write:feature-flag:jira-software
write:field-configuration-scheme:jira write:field-configuration:jira write:field.default-value:jira
write:field.option:jira write:field:jira write:filter.column:jira write:filter.default-share-scope:jira
write:filter:jira write:folder:confluence write:forge-app:confluence write:forge-app:jira
write:group:confluence write:group:jira write:incident:jira-service-management write:inlinetask:confluence
write:instance-configuration:jira write:issue-adjustments:jira write:issue-link-type:jira
write:issue-link:jira write:issue-type-scheme:jira write:issue-type-screen-scheme:jira
write:issue-type.property:jira write:issue-type:jira write:issue-worklog.property:jira
write:issue-worklog:jira write:issue.property:jira write:issue.remote-link:jira
write:issue.time-tracking:jira write:issue.vote:jira write:issue.watcher:jira write:issue:jira
write:issue:jira-software write:jira-work write:jira:agent-interface write:label:confluence
write:media-credentials:jira write:membership-temp:teams write:membership:teams write:metric:compass
write:non-project-work:capacity-planning write:notes:customer-notes write:object:jira
write:operations-info:jira write:ops-alert:jira-service-management write:ops-config:jira-service-management
write:organization.detail-field:jira-service-management write:organization.detail:jira-service-management
write:organization.profile:jira-service-management write:organization.property:jira-service-management
write:organization.user:jira-service-management write:organization:entitlement:jira-service-management
write:organization:jira-service-management write:page:confluence write:permission-scheme:jira
write:permission:bitbucket write:permission:jira write:pipeline:bitbucket write:priority-scheme:jira
write:product:jira-service-management write:project-category:jira write:project-info:jira
write:project-role:jira write:project-version:jira write:project.avatar:jira write:project.component:jira
write:project.email:jira write:project.feature:jira write:project.property:jira write:project:jira
write:pullrequest:bitbucket write:relation:confluence write:remote-link-info:jira
write:remote-link:jira-software write:repository:bitbucket write:request.approval:jira-service-management
write:request.attachment:jira-service-management write:request.comment:jira-service-management
write:request.feedback:jira-service-management write:request.notification:jira-service-management
write:request.participant:jira-service-management write:request.status:jira-service-management
write:request:jira-service-management write:requesttype.property:jira-service-management
write:requesttype:jira-service-management write:restore:brie write:runner:bitbucket write:scorecard:compass
write:screen-scheme:jira write:screen-tab:jira write:screen:jira write:screenable-field:jira
write:security:jira write:servicedesk-request write:servicedesk.customer:jira-service-management
write:servicedesk.organization:jira-service-management write:servicedesk.property:jira-service-management
write:servicedesk:jira-service-management write:source-code:jira-software write:space-info:jira
write:space.permission:confluence write:space.property:confluence write:space.setting:confluence
write:space:confluence write:sprint:jira-software write:storage:brie write:task:confluence
write:task:jira-service-management write:team-temp:teams write:team:teams write:template:confluence
write:user-configuration:jira write:user.columns:jira write:user.property:confluence
write:user.property:jira write:user:jira write:viewers:support-api-gateway write:watcher:confluence
write:webhook:jira write:whiteboard:confluence write:work-item-info:jira write:workflow-scheme:jira
write:workflow.property:jira write:workflow:jira
)";

/// The words of a text between white space.
template <std::size_t count>
std::array<std::string_view, count> words_of(std::string_view text) {
  std::array<std::string_view, count> words;
  for (std::string_view& word : words) {
    text.remove_prefix(text.find_first_not_of(" \n"));
    word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(word.size());
  }
  return words;
}

}  // namespace

std::span<const std::string_view> known_scopes() noexcept {
  static const auto scopes = words_of<652>(kText);
  return scopes;
}

bool is_known_scope(std::string_view scope) noexcept {
  const auto scopes = known_scopes();
  return std::binary_search(scopes.begin(), scopes.end(), scope);
}

}  // namespace tongs::manifest::rules
