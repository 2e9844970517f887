#include "auth/token_question.hpp"

#include <utility>

#include <tongs/json.hpp>

#include "auth/graphql_request.hpp"

namespace tongs::detail {

namespace {

constexpr std::string_view kDocument =
    "mutation forge_remote_offlineUserAuthToken($input: OfflineUserAuthTokenInput!) {\n"
    "  offlineUserAuthToken(input: $input) { success errors { message } authToken { token ttl } }\n"
    "}";

Header bearer(std::string_view token) {
  constexpr std::string_view scheme = "Bearer ";
  Header header{.name = "authorization", .value = {}, .sensitive = true};
  header.value.reserve(scheme.size() + token.size());  // so that one copy is made, and wiped
  header.value.append(scheme).append(token);
  return header;
}

}  // namespace

HttpRequest direct_question(std::string graphql_url, std::string_view system_token, const ContextAri& context,
                            const AccountId& account) {
  std::string variables = R"({"input":{"contextIds":[)";
  variables.append(json_quote(context.str())).append(R"(],"userId":)");
  variables.append(json_quote(account.str())).append("}}");
  return graphql_request(std::move(graphql_url), kDocument, variables, bearer(system_token));
}

}  // namespace tongs::detail
