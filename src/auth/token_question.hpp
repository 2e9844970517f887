#pragma once
#include <string>
#include <string_view>

#include <tongs/http.hpp>
#include <tongs/ids.hpp>

namespace tongs::detail {

/// Asks a GraphQL gateway for an offline user token by the documented mutation (contract 4.2.2). The request
/// holds `system_token`, in a header that is marked sensitive.
HttpRequest direct_question(std::string graphql_url, std::string_view system_token, const ContextAri& context,
                            const AccountId& account);

}  // namespace tongs::detail
