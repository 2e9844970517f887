#pragma once
#include <memory>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/fit.hpp>

#include "common/net/head.hpp"
#include "common/net/reactor.hpp"
#include "gateway/audit/audit_log.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway {

/// Who consents to the offline access of an installation that is seen for the first time.
enum class Approval : bool { on_install, by_admin };

/// Remembers what verified invocations show: the installation, and the system token that came along
/// (the sources `invocation` and `schedule`, DESIGN section 5).
///
/// A token is believed only where Forge itself set its header. Behind a UI module may be a browser, whose
/// script chooses headers, and nothing says that Forge takes a foreign `x-forge-oauth-system` out
/// (contract 1.3.4): a token that comes with a user or from a UI module is left alone. Nor does a token say
/// how long it lives in a way that we could check: more than what Forge promises at most is not believed.
/// Thread safety: any.
class Capture {
 public:
  /// `tokens`: does the configuration name a source that captures them?
  explicit Capture(std::shared_ptr<vault::Vault> vault, bool tokens, Approval approval = Approval::on_install,
                   std::shared_ptr<AuditLog> audit = no_audit_log(),
                   std::shared_ptr<const Clock> clock = Clock::system())
      : vault_(std::move(vault)),
        tokens_(tokens),
        approval_(approval),
        audit_(std::move(audit)),
        clock_(std::move(clock)) {}

  /// Remembers the installation: a lookup, if nothing is new.
  void observe(const VerifiedInvocation& invocation) const;
  /// The system token among `fields`, if it may be believed; else empty.
  std::string_view believable_token(const VerifiedInvocation& invocation, const net::Fields& fields) const;
  /// Takes such a token in, and ends when it would survive the end of this process: only then may its
  /// delivery be acknowledged. A vault that cannot write is said in the log and not waited for.
  net::Task<> keep(net::Reactor& reactor, VerifiedInvocation invocation, std::string_view token) const;

 private:
  void note_arrival(const vault::Installation& record) const;

  std::shared_ptr<vault::Vault> vault_;
  const bool tokens_;
  const Approval approval_;
  const std::shared_ptr<AuditLog> audit_;
  std::shared_ptr<const Clock> clock_;
};

}  // namespace tongs::gateway
