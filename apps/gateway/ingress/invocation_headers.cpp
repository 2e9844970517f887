#include "gateway/ingress/invocation_headers.hpp"

#include "gateway/egress/invocations.hpp"
#include "gateway/proxying.hpp"
#include "http/name_set.hpp"

namespace tongs::gateway {

namespace {

/// The last one is what Containers know an invocation by (contract 1.3.2).
constexpr detail::NameSet kNames("Forge-Installation-Id", "Forge-App-Id", "Forge-Environment", "Forge-Module",
                                 "Forge-Account-Id", "Forge-Cloud-Id", "Forge-Api-Base-Url",
                                 "Forge-Invocation", "X-Forge-Invocation-Id");

/// What stands between the two dots of a token.
std::string_view claims_part(std::string_view token) noexcept {
  const std::size_t begin = token.find('.') + 1;
  return token.substr(begin, token.rfind('.') - begin);
}

}  // namespace

net::HeaderText invocation_headers(const VerifiedInvocation& invocation, std::string_view token) {
  const FitClaims& claims = invocation.claims();
  net::HeaderText lines;
  lines.reserve(token.size() + 1024);
  lines.add("Forge-Installation-Id", claims.installation.str());
  lines.add("Forge-App-Id", claims.app_id.str());
  if (!claims.environment_type.empty()) lines.add("Forge-Environment", claims.environment_type);
  if (!claims.module_key.empty()) lines.add("Forge-Module", claims.module_key);
  if (claims.account) lines.add("Forge-Account-Id", claims.account->str());
  if (!claims.cloud_id.empty()) lines.add("Forge-Cloud-Id", claims.cloud_id);
  if (!claims.api_base_url.empty()) lines.add("Forge-Api-Base-Url", claims.api_base_url);
  lines.add("Forge-Invocation", claims_part(token));
  if (const auto id = id_of(claims); !id.empty()) lines.add("X-Forge-Invocation-Id", id);
  return lines;
}

bool is_invocation_header(std::string_view name) noexcept { return kNames.contains(name); }

}  // namespace tongs::gateway
