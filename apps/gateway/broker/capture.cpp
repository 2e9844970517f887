#include "gateway/broker/capture.hpp"

#include <algorithm>

#include <tongs/installation.hpp>

#include "auth/token_text.hpp"
#include "common/log.hpp"
#include "common/net/callback.hpp"

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

bool same_context(const vault::ProductContext& known, const InstallationContext& seen) noexcept {
  return known.name == seen.name && known.api_base_url == seen.api_base_url &&
         known.cloud_id == seen.cloud_id && known.workspace_id == seen.workspace_id;
}

/// Is all that `claims` say of the installation on record? Most invocations tell nothing new, and then no
/// record has to be made of them.
bool is_on_record(const vault::Installation& known, const FitClaims& claims) noexcept {
  return known.state == vault::InstallationState::installed && known.app == claims.app_id &&
         known.app_version == claims.app_version && known.environment_type == claims.environment_type &&
         known.environment_id == claims.environment_id && known.api_base_url == claims.api_base_url &&
         (!claims.license || known.license_active == claims.license->active) &&
         std::ranges::equal(known.contexts, claims.contexts, same_context);
}

/// Longest life of a system token (contract 3.2).
constexpr std::chrono::hours kLongestLife{4};
/// Until a token must be on the disk. Forge waits 5 s for the answer to an event (contract 1.2.2).
constexpr std::chrono::seconds kPatience{2};

std::string_view without_scheme(std::string_view token) noexcept {
  constexpr std::string_view bearer = "Bearer ";  // some senders put it there (contract 1.3)
  return token.starts_with(bearer) ? token.substr(bearer.size()) : token;
}

/// Whatever is no UI module is `core:endpoint` (contract 2.3).
bool comes_from_forge_itself(const FitClaims& claims) noexcept {
  return !claims.account && claims.module_type.starts_with("core:");
}

}  // namespace

void Capture::observe(const VerifiedInvocation& invocation) const {
  const FitClaims& claims = invocation.claims();
  const auto known = vault_->installation(claims.installation);
  if (known && is_on_record(*known, claims)) return;
  auto record = record_of(claims, clock_->wall_now());
  record.waiting = approval_ == Approval::by_admin;  // of no effect on one that is known
  const auto seen = vault_->observe(record);
  if (seen) {
    if (!known || known->state == vault::InstallationState::uninstalled) note_arrival(record);
    return;
  }
  log::error("an installation cannot be remembered",
             {{"installation", invocation.installation().bare()}, {"reason", seen.error().describe()}});
}

void Capture::note_arrival(const vault::Installation& record) const {
  const auto kept = vault_->installation(record.id);
  const bool waits = kept && kept->waiting;
  audit_->add({.kind = AuditKind::installation_seen,
               .installation = std::string(record.id.bare()),
               .actor = "forge",
               .reason = waits ? "it waits for approval" : ""});
  if (!waits) return;
  log::warn("a new installation waits for approval and gets no tokens: tongs consent authorize",
            {{"installation", record.id.bare()}});
}

std::string_view Capture::believable_token(const VerifiedInvocation& invocation,
                                           const net::Fields& fields) const {
  if (!tokens_ || !comes_from_forge_itself(invocation.claims())) return {};
  const std::string_view token = without_scheme(fields.find("x-forge-oauth-system").value_or(""));
  const bool sound = detail::is_sendable_token(token) && fields.count("x-forge-oauth-system") == 1;
  return sound ? token : std::string_view();
}

net::Task<> Capture::keep(net::Reactor& reactor, VerifiedInvocation invocation,
                          std::string_view token) const {
  const InstallationId& id = invocation.installation();
  const WallTime now = clock_->wall_now();
  const WallTime expires_at = std::min<WallTime>(
      unverified_expiry(token).value_or(now + InstallationCredentials::kOpaqueLife), now + kLongestLife);
  Result<bool> offered = false;
  const auto offer = [&](std::function<void(Result<void>)> done) {
    offered = vault_->offer_system_token(id, Secret(token), expires_at, now, done);
    if (!offered) done({});
  };
  const auto written = co_await net::await_callback<Result<void>>(reactor, offer, kPatience);
  if (!offered && offered.error().code() != Errc::forbidden) {
    log::error("a system token cannot be kept",
               {{"installation", id.bare()}, {"reason", offered.error().describe()}});
  }
  if (!offered || !*offered) co_return;
  const auto left = std::chrono::floor<std::chrono::minutes>(expires_at - now).count();
  if (written && *written) {
    log::info("a system token was captured",
              {{"installation", id.bare()}, {"minutes_left", std::to_string(left)}});
  } else {
    log::error("a system token was captured, but only in memory: a restart loses it",
               {{"installation", id.bare()}, {"minutes_left", std::to_string(left)}});
  }
}

}  // namespace tongs::gateway
