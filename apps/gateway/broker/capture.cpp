#include "gateway/broker/capture.hpp"

#include <algorithm>

#include "auth/token_text.hpp"
#include "common/log.hpp"
#include "common/net/callback.hpp"
#include "gateway/broker/serving.hpp"
#include "gateway/broker/token_life.hpp"

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

/// Until a token must be on the disk. Forge waits 5 s for the answer to an event (contract 1.2.2).
constexpr std::chrono::seconds kPatience{2};

std::string_view without_scheme(std::string_view token) noexcept {
  constexpr std::string_view bearer = "Bearer ";  // some senders put it there (contract 1.3)
  return token.starts_with(bearer) ? token.substr(bearer.size()) : token;
}

}  // namespace

Capture::Capture(std::shared_ptr<vault::Vault> vault, CaptureRules rules, SourceMetrics& metrics,
                 Arrivals& arrivals, Approval approval, std::shared_ptr<AuditLog> audit,
                 std::shared_ptr<const Clock> clock)
    : vault_(std::move(vault)),
      rules_(std::move(rules)),
      metrics_(metrics),
      arrivals_(arrivals),
      approval_(approval),
      audit_(std::move(audit)),
      clock_(std::move(clock)) {}

/// Whatever is no UI module is `core:endpoint` (contract 2.3).
bool Capture::comes_from_forge_itself(const FitClaims& claims) noexcept {
  return !claims.account && claims.module_type.starts_with("core:");
}

bool Capture::is_scheduled(const FitClaims& claims) const noexcept {
  return rules_.schedule &&
         std::ranges::find(rules_.schedule_modules, claims.module_key) != rules_.schedule_modules.end();
}

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

std::string_view Capture::sound_token(const FitClaims& claims, const net::Fields& fields) {
  if (!comes_from_forge_itself(claims)) return {};
  const std::string_view token = without_scheme(fields.find("x-forge-oauth-system").value_or(""));
  const bool sound = detail::is_sendable_token(token) && fields.count("x-forge-oauth-system") == 1;
  return sound ? token : std::string_view();
}

bool Capture::may_keep_user_token(const VerifiedInvocation& invocation) const {
  const auto& account = invocation.account();
  return account && serving(*vault_, invocation.installation(), *account);
}

std::string_view Capture::believable_token(const VerifiedInvocation& invocation,
                                           const net::Fields& fields) const {
  const bool wanted = rules_.invocation || is_scheduled(invocation.claims());
  return wanted ? sound_token(invocation.claims(), fields) : std::string_view();
}

net::Task<> Capture::keep(net::Reactor& reactor, VerifiedInvocation invocation,
                          std::string_view token) const {
  const Origin origin = is_scheduled(invocation.claims()) ? Origin::schedule : Origin::invocation;
  const auto taken = co_await take(reactor, invocation, token, origin);
  if (!taken && taken.error().code() == Errc::storage_failed) {
    log::error("a system token cannot be kept",
               {{"installation", invocation.installation().bare()}, {"reason", taken.error().describe()}});
  }
}

net::Task<Result<void>> Capture::take(net::Reactor& reactor, VerifiedInvocation invocation,
                                      std::string_view token, Origin origin) const {
  const InstallationId& id = invocation.installation();
  const WallTime now = clock_->wall_now();
  const WallTime expires_at = end_of_token(token, now);
  Result<bool> offered = false;
  const auto offer = [&](const std::function<void(Result<void>)>& done) {
    offered = vault_->offer_system_token(id, Secret(token), expires_at, now, done);
    if (!offered) done({});
    if (offered && *offered) arrivals_.token_came(id);
  };
  const auto written = co_await net::await_callback<Result<void>>(reactor, offer, kPatience);
  if (!offered) co_return offered.error();
  if (*offered) {
    const auto left = std::chrono::floor<std::chrono::minutes>(expires_at - now).count();
    metrics_.came(origin, expires_at - now);
    log::info(
        "a system token was captured",
        {{"installation", id.bare()}, {"source", to_string(origin)}, {"minutes_left", std::to_string(left)}});
  }
  const auto held = vault_->system_token(id);
  if (!*offered && (!held || held->expires_at <= now)) {
    co_return Error(Errc::rejected, "the token has ended, or was refused by Atlassian a moment ago");
  }
  if (!*offered) arrivals_.token_came(id);
  if (written && *written) co_return Result<void>{};
  co_return Error(Errc::storage_failed, "the vault cannot write: the token is in memory, a restart loses it");
}

}  // namespace tongs::gateway
