#include "gateway/broker/capture.hpp"

#include <tongs/installation.hpp>

#include "common/log.hpp"

namespace tongs::gateway {

namespace {

/// The ARI of where the app is installed, as the platform writes it for its own products (contract 4.3).
std::optional<ContextAri> context_of(const FitClaims& claims) {
  for (const InstallationContext& context : claims.contexts) {
    if (context.cloud_id.empty() || (context.name != "jira" && context.name != "confluence")) continue;
    auto ari = ContextAri::parse("ari:cloud:" + context.name + "::site/" + context.cloud_id);
    if (ari) return *std::move(ari);
  }
  return std::nullopt;
}

vault::Installation record_of(const FitClaims& claims, WallTime now) {
  vault::Installation record{.id = claims.installation, .app = claims.app_id};
  record.app_version = claims.app_version;
  record.environment_type = claims.environment_type;
  record.environment_id = claims.environment_id;
  for (const InstallationContext& context : claims.contexts) {
    record.contexts.push_back({context.name, context.api_base_url, context.cloud_id, context.workspace_id});
  }
  record.context = context_of(claims);
  record.api_base_url = claims.api_base_url;
  if (claims.license) record.license_active = claims.license->active;
  record.installed_at = now;
  record.updated_at = now;
  return record;
}

std::string_view without_scheme(std::string_view token) noexcept {
  constexpr std::string_view bearer = "Bearer ";  // some senders put it there (contract 1.3)
  return token.starts_with(bearer) ? token.substr(bearer.size()) : token;
}

}  // namespace

bool Capture::observe(const VerifiedInvocation& invocation, std::string_view system_token) const {
  const WallTime now = clock_->wall_now();
  const auto seen = vault_->observe(record_of(invocation.claims(), now));
  if (!seen) {
    log::error("an installation cannot be remembered",
               {{"installation", invocation.installation().bare()}, {"reason", seen.error().describe()}});
    return false;
  }
  system_token = without_scheme(system_token);
  if (system_token.empty() || invocation.account()) return false;

  const WallTime expires_at =
      unverified_expiry(system_token).value_or(now + InstallationCredentials::kOpaqueLife);
  const auto kept =
      vault_->offer_system_token(invocation.installation(), Secret(system_token), expires_at, now);
  if (!kept && kept.error().code() != Errc::forbidden) {
    log::error("a system token cannot be kept",
               {{"installation", invocation.installation().bare()}, {"reason", kept.error().describe()}});
  }
  if (!kept || !*kept) return false;
  log::info(
      "a system token was captured",
      {{"installation", invocation.installation().bare()},
       {"minutes_left", std::to_string(std::chrono::floor<std::chrono::minutes>(expires_at - now).count())}});
  return true;
}

}  // namespace tongs::gateway
