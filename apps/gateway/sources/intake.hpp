#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/clock.hpp>

#include "gateway/audit/audit_log.hpp"
#include "gateway/broker/capture.hpp"
#include "gateway/sources/departures.hpp"
#include "gateway/sources/notice.hpp"

namespace tongs::gateway {

struct IntakeRules {
  std::string auth_path;                       ///< of the auth endpoint; empty: there is none
  std::vector<std::string> trigger_hosts;      ///< see `check_trigger_url`
  std::vector<std::string> uninstall_modules;  ///< `preUninstall` modules
};

/// What verified calls of Forge's own tell the gateway itself: tokens that an auth trigger asked for, where
/// that trigger is, and that the app was uninstalled. Thread safety: any.
class Intake {
 public:
  /// All references must outlive it.
  Intake(IntakeRules rules, std::shared_ptr<vault::Vault> vault, const Capture& capture, Arrivals& arrivals,
         Departures& departures, SourceMetrics& metrics, std::shared_ptr<AuditLog> audit = no_audit_log(),
         std::shared_ptr<const Clock> clock = Clock::system());

  bool is_push(std::string_view path) const noexcept {
    return !rules_.auth_path.empty() && path == rules_.auth_path;
  }
  /// Takes a push. Success: every reader can read the token, and it survives the end of this process, as does
  /// a new authTriggerUrl. Nothing is taken of a push that is wrong in any part.
  /// Errors: forbidden (not of Forge's own, of another installation, revoked), malformed_response (the body),
  /// rejected (no token that could be believed), invalid_argument (an authTriggerUrl that leads elsewhere),
  /// storage_failed.
  net::Task<Result<void>> push(net::Reactor& reactor, VerifiedInvocation invocation, std::string_view token,
                               std::string_view body) const;

  /// A verified invocation came: the app is installed there.
  void alive(const InstallationId& installation) const { departures_.alive(installation); }
  /// May the body of this call tell us something?
  bool may_tell(const FitClaims& claims, const net::RequestHead& request) const noexcept;
  /// Learns from it, before the backend does.
  net::Task<> learn(net::Reactor& reactor, VerifiedInvocation invocation, std::string_view body) const;
  /// Is it a call of a `preUninstall` module?
  bool is_farewell(const FitClaims& claims) const noexcept;
  /// The backend has answered: if that was its farewell, the installation ends.
  void after(const VerifiedInvocation& invocation) const;

 private:
  Result<Notice> check_push(const VerifiedInvocation& invocation, std::string_view token,
                            std::string_view body) const;
  Result<void> check_url(const VerifiedInvocation& invocation, const Secret& url) const;
  Result<void> keep_url(const InstallationId& installation, const AppId& app, const Secret& url,
                        vault::Done done) const;
  void uninstalled(const InstallationId& installation, const vault::Done& done) const;

  const IntakeRules rules_;
  std::shared_ptr<vault::Vault> vault_;
  const Capture& capture_;
  Arrivals& arrivals_;
  Departures& departures_;
  SourceMetrics& metrics_;
  std::shared_ptr<AuditLog> audit_;
  std::shared_ptr<const Clock> clock_;
};

}  // namespace tongs::gateway
