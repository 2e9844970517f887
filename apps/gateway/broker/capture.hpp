#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/clock.hpp>
#include <tongs/fit.hpp>

#include "common/net/head.hpp"
#include "common/net/reactor.hpp"
#include "gateway/audit/audit_log.hpp"
#include "gateway/broker/approval.hpp"
#include "gateway/sources/arrivals.hpp"
#include "gateway/sources/source_metrics.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway {

/// Which invocations' tokens are kept (the sources `invocation` and `schedule`).
struct CaptureRules {
  bool invocation = false;
  bool schedule = false;
  /// The modules that are scheduled triggers. A token does not tell them from other endpoints otherwise
  /// (contract 2.3), and what their bodies look like is not documented (contract 12.6).
  std::vector<std::string> schedule_modules = {};
};

/// Remembers what verified invocations show: the installation, and the system token that came along
/// (DESIGN section 5).
///
/// A token is believed only where Forge itself set its header. Behind a UI module may be a browser, whose
/// script chooses headers, and nothing says that Forge takes a foreign `x-forge-oauth-system` out
/// (contract 1.3.4): a token that comes with a user or from a UI module is left alone. Nor does a token say
/// how long it lives in a way that we could check: more than what Forge promises at most is not believed.
/// Thread safety: any.
class Capture {
 public:
  /// `metrics` and `arrivals` must outlive it.
  Capture(std::shared_ptr<vault::Vault> vault, CaptureRules rules, SourceMetrics& metrics, Arrivals& arrivals,
          Approval approval = Approval::on_install, std::shared_ptr<AuditLog> audit = no_audit_log(),
          std::shared_ptr<const Clock> clock = Clock::system());

  /// Is the invocation a call of Forge's own, in which no user takes part?
  static bool comes_from_forge_itself(const FitClaims& claims) noexcept;
  /// The system token among `fields`, if it may be believed, whatever source it would count for; else empty.
  static std::string_view sound_token(const FitClaims& claims, const net::Fields& fields);

  /// Remembers the installation: a lookup, if nothing is new.
  void observe(const VerifiedInvocation& invocation) const;
  /// May a token of the user who invoked be kept? Not where the consent is missing, or his was taken back.
  bool may_keep_user_token(const VerifiedInvocation& invocation) const;
  /// The system token among `fields`, if it may be believed and a source takes it; else empty.
  std::string_view believable_token(const VerifiedInvocation& invocation, const net::Fields& fields) const;
  /// Takes such a token in, and ends when it would survive the end of this process: only then may its
  /// delivery be acknowledged. A vault that cannot write is said in the log and not waited for.
  net::Task<> keep(net::Reactor& reactor, VerifiedInvocation invocation, std::string_view token) const;

  /// The same, for whoever must know. Success: a token of this installation can be read, and is durable.
  /// Errors: rejected (it has ended), forbidden (revoked), storage_failed (if the token was taken, it is in
  /// memory alone).
  net::Task<Result<void>> take(net::Reactor& reactor, VerifiedInvocation invocation, std::string_view token,
                               Origin origin) const;

 private:
  bool is_scheduled(const FitClaims& claims) const noexcept;
  void note_arrival(const vault::Installation& record) const;

  std::shared_ptr<vault::Vault> vault_;
  const CaptureRules rules_;
  SourceMetrics& metrics_;
  Arrivals& arrivals_;
  const Approval approval_;
  const std::shared_ptr<AuditLog> audit_;
  std::shared_ptr<const Clock> clock_;
};

}  // namespace tongs::gateway
