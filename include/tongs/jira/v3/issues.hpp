#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/call_options.hpp>
#include <tongs/client.hpp>
#include <tongs/model.hpp>
#include <tongs/result.hpp>

namespace tongs::jira::v3 {

/// An issue, as far as it was asked for.
class Issue : public Model {
 public:
  using Model::Model;

  std::optional<std::string_view> id() const { return json()["id"].string(); }
  std::optional<std::string_view> key() const { return json()["key"].string(); }
  std::optional<std::string_view> self() const { return json()["self"].string(); }
  std::optional<std::string_view> expand() const { return json()["expand"].string(); }
  /// System fields by name, custom fields by id.
  JsonView fields() const { return json()["fields"]; }
  JsonView field(std::string_view name) const { return fields()[name]; }
  std::optional<std::string_view> summary() const { return field("summary").string(); }
};

/// GET /rest/api/3/issue/{issueIdOrKey}
struct GetIssue {
  std::string issue_id_or_key = {};
  /// Fields to be given; empty: all. `*navigable`, and names with `-` in front, are understood.
  std::vector<std::string> fields = {};
  std::optional<bool> fields_by_keys = {};
  /// A list with commas, such as `names,changelog`.
  std::optional<std::string> expand = {};
  std::vector<std::string> properties = {};
  std::optional<bool> update_history = {};
  std::optional<bool> fail_fast = {};
};

/// Needs `read:jira-work`. Errors: as `BoundClient::send_json`, and invalid_argument (a client of another
/// product).
Result<Issue> get_issue(const BoundClient& client, const GetIssue& request, const CallOptions& call = {});

}  // namespace tongs::jira::v3
