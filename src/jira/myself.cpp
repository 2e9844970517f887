#include <tongs/jira/v3/myself.hpp>

#include "client/typed_call.hpp"

namespace tongs::jira::v3 {

Result<User> get_current_user(const BoundClient& client, const GetCurrentUser& request,
                              const CallOptions& call) {
  ApiRequest api{.path = "/rest/api/3/myself"};
  detail::QueryWriter(api).add("expand", request.expand);
  return detail::call_for<User>(client, Product::jira, api, call);
}

}  // namespace tongs::jira::v3
