#include "gateway/ingress/invocation_headers.hpp"

#include <algorithm>
#include <array>

#include "base/base64url.hpp"
#include "gateway/proxying.hpp"

namespace tongs::gateway {

namespace {

constexpr std::array<std::string_view, 8> kNames = {
    "Forge-Installation-Id", "Forge-App-Id",   "Forge-Environment",  "Forge-Module",
    "Forge-Account-Id",      "Forge-Cloud-Id", "Forge-Api-Base-Url", "Forge-Invocation"};

}  // namespace

net::HeaderText invocation_headers(const VerifiedInvocation& invocation) {
  const FitClaims& claims = invocation.claims();
  net::HeaderText lines;
  lines.add("Forge-Installation-Id", claims.installation.str());
  lines.add("Forge-App-Id", claims.app_id.str());
  if (!claims.environment_type.empty()) lines.add("Forge-Environment", claims.environment_type);
  if (!claims.module_key.empty()) lines.add("Forge-Module", claims.module_key);
  if (claims.account) lines.add("Forge-Account-Id", claims.account->str());
  if (!claims.cloud_id.empty()) lines.add("Forge-Cloud-Id", claims.cloud_id);
  if (!claims.api_base_url.empty()) lines.add("Forge-Api-Base-Url", claims.api_base_url);
  lines.add("Forge-Invocation", base64url_encode(invocation.claims_json()));
  return lines;
}

bool is_invocation_header(std::string_view name) noexcept {
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view ours) { return same_variable(name, ours); });
}

}  // namespace tongs::gateway
