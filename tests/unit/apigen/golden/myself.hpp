#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/call_options.hpp>
#include <tongs/client.hpp>
#include <tongs/jira/v3/inputs.hpp>
#include <tongs/jira/v3/models.hpp>
#include <tongs/pages.hpp>
#include <tongs/reply.hpp>
#include <tongs/request.hpp>
#include <tongs/result.hpp>

// Myself. Errors of each call: as `BoundClient::send_json`, and invalid_argument (a client of another
// product).
namespace tongs::jira::v3 {

/// DELETE /rest/api/3/mypreferences
struct RemovePreference {
  Required<std::string> key;
};

/// Scopes: `manage:jira-configuration`.
/// Granular scopes: `delete:user-configuration:jira`.
Result<void> remove_preference(const BoundClient& client, const RemovePreference& request,
                               const CallOptions& call = {});

/// GET /rest/api/3/mypreferences
struct GetPreference {
  Required<std::string> key;
};

/// Scopes: `manage:jira-configuration`.
/// Granular scopes: `read:user-configuration:jira`.
Result<Model> get_preference(const BoundClient& client, const GetPreference& request,
                             const CallOptions& call = {});

/// PUT /rest/api/3/mypreferences
struct SetPreference {
  Required<std::string> key;
  Required<Json> body;
};

/// Scopes: `manage:jira-configuration`.
/// Granular scopes: `write:user-configuration:jira`.
Result<void> set_preference(const BoundClient& client, const SetPreference& request,
                            const CallOptions& call = {});

/// GET /rest/api/3/mypreferences/locale
struct GetLocale {};

/// Scopes: `manage:jira-configuration`.
/// Granular scopes: `read:user-configuration:jira`.
Result<Locale> get_locale(const BoundClient& client, const GetLocale& request = {},
                          const CallOptions& call = {});

/// PUT /rest/api/3/mypreferences/locale
struct SetLocale {
  Body<input::Locale> body;
};

/// No scopes are stated.
[[deprecated("Atlassian advises against it")]]
Result<void> set_locale(const BoundClient& client, const SetLocale& request, const CallOptions& call = {});

/// GET /rest/api/3/myself
struct GetCurrentUser {
  std::optional<std::string> expand = {};
};

/// Scopes: `read:jira-user`.
/// Granular scopes: `read:application-role:jira`, `read:avatar:jira`, `read:group:jira`, `read:user:jira`.
Result<User> get_current_user(const BoundClient& client, const GetCurrentUser& request = {},
                              const CallOptions& call = {});

}  // namespace tongs::jira::v3
