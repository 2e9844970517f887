#include "gateway/sources/intake.hpp"

#include <algorithm>
#include <utility>

#include "common/log.hpp"
#include "common/net/callback.hpp"
#include "gateway/sources/trigger_url.hpp"

namespace tongs::gateway {

namespace {

constexpr std::string_view kLifecycle = "avi:forge:";
constexpr std::string_view kUninstalled = "avi:forge:uninstalled:app";
/// Until a fact must be on the disk. Forge waits 5 s for the answer to an event (contract 1.2.2).
constexpr std::chrono::seconds kPatience{2};

PushEnd end_of(const Result<void>& taken) noexcept {
  if (taken) return PushEnd::taken;
  return taken.error().code() == Errc::storage_failed ? PushEnd::not_kept : PushEnd::refused;
}

}  // namespace

Intake::Intake(IntakeRules rules, std::shared_ptr<vault::Vault> vault, const Capture& capture,
               Arrivals& arrivals, Departures& departures, SourceMetrics& metrics,
               std::shared_ptr<AuditLog> audit, std::shared_ptr<const Clock> clock)
    : rules_(std::move(rules)),
      vault_(std::move(vault)),
      capture_(capture),
      arrivals_(arrivals),
      departures_(departures),
      metrics_(metrics),
      audit_(std::move(audit)),
      clock_(std::move(clock)) {}

Result<void> Intake::check_url(const VerifiedInvocation& invocation, const Secret& url) const {
  if (url.empty()) return {};
  return check_trigger_url(url.reveal(), invocation.claims().api_base_url, rules_.trigger_hosts);
}

Result<Notice> Intake::check_push(const VerifiedInvocation& invocation, std::string_view token,
                                  std::string_view body) const {
  if (!Capture::comes_from_forge_itself(invocation.claims())) {
    return Error(Errc::forbidden, "the auth endpoint is for Forge itself: a user takes part in this call");
  }
  auto notice = read_notice(body, invocation.installation());
  if (!notice) return notice;
  if (notice->misplaced) {
    return Error(Errc::forbidden, "the push names another installation than its invocation token");
  }
  auto allowed = check_url(invocation, notice->auth_trigger_url);
  if (!allowed) return std::move(allowed).error();
  if (token.empty()) {
    return Error(Errc::rejected, "the push brought no token that could be one, in x-forge-oauth-system");
  }
  return notice;
}

net::Task<Result<void>> Intake::push(net::Reactor& reactor, VerifiedInvocation invocation,
                                     std::string_view token, std::string_view body) const {
  const InstallationId& id = invocation.installation();
  const auto notice = check_push(invocation, token, body);
  Result<void> taken = notice ? Result<void>{} : Result<void>(notice.error());
  // The vault keeps its order: once the token is durable, so is the URL.
  if (taken) taken = keep_url(id, invocation.claims().app_id, notice->auth_trigger_url, {});
  if (taken) taken = co_await capture_.take(reactor, invocation, token, Origin::auth_trigger);
  metrics_.pushed(end_of(taken));
  if (!taken)
    arrivals_.refused(id, Error(taken.error().code(), "a token was pushed").with_cause(taken.error()));
  co_return taken;
}

Result<void> Intake::keep_url(const InstallationId& installation, const AppId& app, const Secret& url,
                              vault::Done done) const {
  if (url.empty()) return {};
  const WallTime now = clock_->wall_now();
  vault::Installation seen{.id = installation, .app = app};
  seen.auth_trigger_url = url.duplicate();
  seen.installed_at = now;
  seen.updated_at = now;
  return vault_->observe(seen, std::move(done));
}

bool Intake::may_tell(const FitClaims& claims, const net::RequestHead& request) const noexcept {
  const auto length = request.framing.content_length;
  return request.method == "POST" && length && *length > 0 && *length <= kMaxNotice &&
         Capture::comes_from_forge_itself(claims);
}

net::Task<> Intake::learn(net::Reactor& reactor, VerifiedInvocation invocation, std::string_view body) const {
  if (body.find(kLifecycle) == std::string_view::npos) co_return;
  const auto notice = read_notice(body, invocation.installation());
  if (!notice || notice->misplaced || !notice->event.starts_with(kLifecycle)) co_return;
  if (!is_trigger_call(invocation)) co_return;
  const InstallationId& id = invocation.installation();
  const auto allowed = check_url(invocation, notice->auth_trigger_url);
  if (!allowed) {
    log::warn("an authTriggerUrl was not kept",
              {{"installation", id.bare()}, {"reason", allowed.error().describe()}});
  }
  const auto change = [&](std::function<void(Result<void>)> done) {
    if (notice->event == kUninstalled) return uninstalled(id, std::move(done));
    if (!allowed || notice->auth_trigger_url.empty()) return done({});
    const auto kept = keep_url(id, invocation.claims().app_id, notice->auth_trigger_url, done);
    if (!kept) done(kept);
  };
  const auto durable = co_await net::await_callback<Result<void>>(reactor, change, kPatience);
  if (durable && *durable) co_return;
  log::error("what an event told is in memory alone: a restart loses it", {{"installation", id.bare()}});
}

bool Intake::is_farewell(const FitClaims& claims) const noexcept {
  const auto& modules = rules_.uninstall_modules;
  return !modules.empty() && Capture::comes_from_forge_itself(claims) &&
         std::find(modules.begin(), modules.end(), claims.module_key) != modules.end();
}

void Intake::after(const VerifiedInvocation& invocation) const {
  if (is_farewell(invocation.claims())) uninstalled(invocation.installation(), {});
}

void Intake::uninstalled(const InstallationId& installation, const vault::Done& done) const {
  const auto marked = vault_->mark_uninstalled(installation, clock_->wall_now(), done);
  if (!marked) {
    if (done) done(marked);
    return;
  }
  metrics_.uninstalled_told.add();
  log::info("the app was uninstalled", {{"installation", installation.bare()}});
  audit_->add({.kind = AuditKind::installation_uninstalled,
               .installation = std::string(installation.bare()),
               .actor = "forge"});
}

}  // namespace tongs::gateway
