#include "manifest/rules/module_forms.hpp"

#include <algorithm>
#include <array>

namespace tongs::manifest::rules {

namespace {

constexpr Form kByFunction{kFunction, kAnyPart};
constexpr Form kByEndpoint{kEndpoint, kAnyPart};
constexpr Form kByFunctionAlone{kFunction, kFunction};
constexpr Form kByEndpointAlone{kEndpoint, kEndpoint};
constexpr Form kByResource{kResource, kAnyPart, Resolver::handler};
constexpr Form kByResourceAlone{kResource, kResource | kResolver, Resolver::handler};

constexpr std::array kPageForms{kByFunction, kByResource};
constexpr std::array kPageWithResolverForms{Form{kFunction, kAnyPart, Resolver::handler}, kByResource};
constexpr std::array kClosedPageForms{kByFunctionAlone, kByResourceAlone};
constexpr std::array kAloneForms{Form{0, 0}};
constexpr std::array kResolverForms{Form{0, kAnyPart, Resolver::handler}};
constexpr std::array kClosedResolverForms{Form{0, kResource | kResolver, Resolver::handler}};
constexpr std::array kFunctionForms{kByFunction};
constexpr std::array kClosedFunctionForms{kByFunctionAlone};
constexpr std::array kIfAnyForms{Form{0, kAnyPart}};
constexpr std::array kCalledForms{kByFunctionAlone, kByEndpointAlone};
constexpr std::array kEitherForms{kByFunction, kByEndpoint};
constexpr std::array kConsumerForms{Form{kResolver, kResolver, Resolver::queue}, kByFunctionAlone,
                                    kByEndpointAlone};
constexpr std::array kHandledForms{Form{kFunction, kAnyPart, Resolver::handler},
                                   Form{kEndpoint, kAnyPart, Resolver::handler}};
constexpr std::array kCustomContentForms{kByFunctionAlone,
                                         Form{kResource, kResource | kResolver, Resolver::function}};

constexpr ModuleForms kPage{.forms = kPageForms};
constexpr ModuleForms kPageWithResolver{.forms = kPageWithResolverForms};
constexpr ModuleForms kClosedPage{.forms = kClosedPageForms};
constexpr ModuleForms kAlone{.forms = kAloneForms};
constexpr ModuleForms kResolverOnly{.forms = kResolverForms};
constexpr ModuleForms kClosedResolver{.forms = kClosedResolverForms};
constexpr ModuleForms kFunctionOnly{.forms = kFunctionForms};
constexpr ModuleForms kFunctionIfAny{.forms = kIfAnyForms, .checks_function = true};
constexpr ModuleForms kResolverAndFunctionIfAny{.forms = kResolverForms, .checks_function = true};
constexpr ModuleForms kClosedFunction{.forms = kClosedFunctionForms};
constexpr ModuleForms kClosedFunctionWithDots{.forms = kClosedFunctionForms, .dots = true};
constexpr ModuleForms kCalled{.forms = kCalledForms, .dots = true};
constexpr ModuleForms kEither{.forms = kEitherForms};
constexpr ModuleForms kWebtrigger{.forms = kEitherForms, .dots = true};
constexpr ModuleForms kConsumer{.forms = kConsumerForms, .dots = true};
constexpr ModuleForms kAction{.forms = kHandledForms, .dots = true};
constexpr ModuleForms kPostFunction{.forms = kHandledForms};
constexpr ModuleForms kCustomContent{.forms = kCustomContentForms};

struct Named {
  std::string_view type;
  const ModuleForms* forms;
};

/// In the order of their names.
constexpr std::array kTypes = {
    Named{"action", &kAction},
    Named{"apiRoute", &kClosedFunctionWithDots},
    Named{"automation:action", &kFunctionOnly},
    Named{"automation:actionProvider", &kAlone},
    Named{"automation:attributeResolver", &kFunctionOnly},
    Named{"automation:branch", &kFunctionOnly},
    Named{"automation:condition", &kFunctionOnly},
    Named{"automation:template", &kFunctionOnly},
    Named{"automation:trigger", &kFunctionOnly},
    Named{"bitbucket:dynamicPipelinesProvider", &kEither},
    Named{"bitbucket:mergeCheck", &kEither},
    Named{"bitbucket:projectSettingsMenuPage", &kPage},
    Named{"bitbucket:repoCodeFileViewer", &kPage},
    Named{"bitbucket:repoCodeOverviewAction", &kPage},
    Named{"bitbucket:repoCodeOverviewCard", &kPage},
    Named{"bitbucket:repoCodeOverviewPanel", &kPage},
    Named{"bitbucket:repoMainMenuPage", &kPage},
    Named{"bitbucket:repoPullRequestAction", &kPage},
    Named{"bitbucket:repoPullRequestCard", &kPage},
    Named{"bitbucket:repoPullRequestOverviewPanel", &kPage},
    Named{"bitbucket:repoSettingsMenuPage", &kPage},
    Named{"bitbucket:workspaceGlobalPage", &kPage},
    Named{"bitbucket:workspacePersonalSettingsPage", &kPage},
    Named{"bitbucket:workspaceSettingsMenuPage", &kPage},
    Named{"compass:adminPage", &kPage},
    Named{"compass:componentPage", &kPage},
    Named{"compass:dataProvider", &kClosedFunction},
    Named{"compass:globalPage", &kPage},
    Named{"compass:teamPage", &kPage},
    Named{"confluence:backgroundScript", &kPageWithResolver},
    Named{"confluence:contentAction", &kPage},
    Named{"confluence:contentBylineItem", &kClosedPage},
    Named{"confluence:contextMenu", &kPage},
    Named{"confluence:customContent", &kCustomContent},
    Named{"confluence:fullPage", &kClosedResolver},
    Named{"confluence:globalPage", &kClosedPage},
    Named{"confluence:globalSettings", &kPage},
    Named{"confluence:homepageFeed", &kPage},
    Named{"confluence:pageBanner", &kPageWithResolver},
    Named{"confluence:spacePage", &kPage},
    Named{"confluence:spaceSettings", &kPage},
    Named{"connectToForgeMigration", &kAlone},
    Named{"consumer", &kConsumer},
    Named{"customerServiceManagement:crmImport", &kPage},
    Named{"customerServiceManagement:queuePage", &kPage},
    Named{"customerServiceManagement:requestDetail", &kPage},
    Named{"dashboards:backgroundScript", &kResolverOnly},
    Named{"dashboards:filter", &kPageWithResolver},
    Named{"dashboards:widget", &kResolverOnly},
    Named{"devops:buildInfoProvider", &kFunctionIfAny},
    Named{"devops:deploymentInfoProvider", &kFunctionIfAny},
    Named{"devops:developmentInfoProvider", &kFunctionIfAny},
    Named{"devops:featureFlagInfoProvider", &kFunctionIfAny},
    Named{"event", &kAlone},
    Named{"fifoConsumer", &kClosedFunctionWithDots},
    Named{"function", &kAlone},
    Named{"global:fullPage", &kClosedResolver},
    Named{"global:ui", &kClosedResolver},
    Named{"graph:connector", &kAlone},
    Named{"graph:smartLink", &kClosedFunctionWithDots},
    Named{"jira:adminPage", &kPage},
    Named{"jira:backlogAction", &kClosedResolver},
    Named{"jira:boardAction", &kClosedResolver},
    Named{"jira:command", &kClosedResolver},
    Named{"jira:customField", &kResolverAndFunctionIfAny},
    Named{"jira:customFieldType", &kResolverAndFunctionIfAny},
    Named{"jira:dashboardBackgroundScript", &kResolverOnly},
    Named{"jira:dashboardGadget", &kPage},
    Named{"jira:fullPage", &kClosedResolver},
    Named{"jira:globalBackgroundScript", &kResolverOnly},
    Named{"jira:globalPage", &kPage},
    Named{"jira:issueAction", &kPage},
    Named{"jira:issueActivity", &kPage},
    Named{"jira:issueContext", &kPage},
    Named{"jira:issueGlance", &kPage},
    Named{"jira:issueNavigatorAction", &kClosedResolver},
    Named{"jira:issuePanel", &kPage},
    Named{"jira:issueViewBackgroundScript", &kResolverOnly},
    Named{"jira:jqlFunction", &kEither},
    Named{"jira:personalSettingsPage", &kClosedResolver},
    Named{"jira:projectPage", &kPage},
    Named{"jira:projectSettingsPage", &kPage},
    Named{"jira:sprintAction", &kClosedResolver},
    Named{"jira:timeTrackingProvider", &kAlone},
    Named{"jira:uiModifications", &kResolverOnly},
    Named{"jira:workflowCondition", &kResolverOnly},
    Named{"jira:workflowPostFunction", &kPostFunction},
    Named{"jira:workflowValidator", &kResolverAndFunctionIfAny},
    Named{"jiraServiceManagement:assetsImportType", &kPage},
    Named{"jiraServiceManagement:organizationPanel", &kPage},
    Named{"jiraServiceManagement:portalFooter", &kPage},
    Named{"jiraServiceManagement:portalHeader", &kPage},
    Named{"jiraServiceManagement:portalProfilePanel", &kPage},
    Named{"jiraServiceManagement:portalRequestCreatePropertyPanel", &kPage},
    Named{"jiraServiceManagement:portalRequestDetail", &kPage},
    Named{"jiraServiceManagement:portalRequestDetailPanel", &kPage},
    Named{"jiraServiceManagement:portalRequestViewAction", &kPage},
    Named{"jiraServiceManagement:portalSubheader", &kPage},
    Named{"jiraServiceManagement:portalUserMenuAction", &kPage},
    Named{"jiraServiceManagement:queuePage", &kPage},
    Named{"llm", &kAlone},
    Named{"macro", &kPage},
    Named{"migration:dataResidency", &kAlone},
    Named{"objectStore", &kAlone},
    Named{"preUninstall", &kCalled},
    Named{"rovo:agent", &kAlone},
    Named{"rovo:agentConnector", &kAlone},
    Named{"rovo:mcp", &kAlone},
    Named{"rovo:skill", &kAlone},
    Named{"scheduledTrigger", &kCalled},
    Named{"sql", &kAlone},
    Named{"trigger", &kCalled},
    Named{"webtrigger", &kWebtrigger},
    Named{"workflow", &kAlone},
};

}  // namespace

const ModuleForms* forms_of(std::string_view type) noexcept {
  const auto found =
      std::lower_bound(kTypes.begin(), kTypes.end(), type,
                       [](const Named& each, std::string_view name) { return each.type < name; });
  return found != kTypes.end() && found->type == type ? found->forms : nullptr;
}

}  // namespace tongs::manifest::rules
