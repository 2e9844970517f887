#pragma once
#include <optional>
#include <string>
#include <string_view>

#include <tongs/call_options.hpp>
#include <tongs/client.hpp>
#include <tongs/model.hpp>
#include <tongs/result.hpp>

namespace tongs::jira::v3 {

/// An account, as far as its profile's visibility allows.
class User : public Model {
 public:
  using Model::Model;

  std::optional<std::string_view> account_id() const { return json()["accountId"].string(); }
  /// `atlassian`, `app`, `customer` or `unknown`; Atlassian may add others.
  std::optional<std::string_view> account_type() const { return json()["accountType"].string(); }
  std::optional<std::string_view> display_name() const { return json()["displayName"].string(); }
  std::optional<std::string_view> email_address() const { return json()["emailAddress"].string(); }
  std::optional<std::string_view> locale() const { return json()["locale"].string(); }
  std::optional<std::string_view> time_zone() const { return json()["timeZone"].string(); }
  std::optional<std::string_view> self() const { return json()["self"].string(); }
  std::optional<bool> active() const { return json()["active"].boolean(); }
};

/// GET /rest/api/3/myself
struct GetCurrentUser {
  /// A list with commas of `groups` and `applicationRoles`.
  std::optional<std::string> expand = {};
};

/// Whoever the client acts as. Needs `read:jira-user`. Errors: as `BoundClient::send_json`, and
/// invalid_argument (a client of another product).
Result<User> get_current_user(const BoundClient& client, const GetCurrentUser& request = {},
                              const CallOptions& call = {});

}  // namespace tongs::jira::v3
