#include <tongs/jira/v3/issues.hpp>

#include "client/typed_call.hpp"

namespace tongs::jira::v3 {

Result<Issue> get_issue(const BoundClient& client, const GetIssue& request, const CallOptions& call) {
  ApiRequest api{.path = "/rest/api/3/issue/{issueIdOrKey}",
                 .path_parameters = {{"issueIdOrKey", request.issue_id_or_key}}};
  detail::QueryWriter(api)
      .add("fields", request.fields)
      .add("fieldsByKeys", request.fields_by_keys)
      .add("expand", request.expand)
      .add("properties", request.properties)
      .add("updateHistory", request.update_history)
      .add("failFast", request.fail_fast);
  return detail::call_for<Issue>(client, Product::jira, api, call);
}

}  // namespace tongs::jira::v3
