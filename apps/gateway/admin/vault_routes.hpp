#pragma once
#include <memory>

#include "common/router.hpp"
#include "gateway/audit/audit_log.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway {

/// Upkeep of the vault, whose file the gateway holds:
///
///     GET  /v1/vault               how it is, see `vault_report`
///     POST /v1/vault/rotate-key    seals everything under a new key; answered when that is done, or, with
///                                  `"rotating":true`, while it goes on
///     POST /v1/vault/backup        {"path":"/…"}: a consistent copy, to a new file on this machine
///
/// Thread safety: none; lives in one reactor.
class VaultRoutes {
 public:
  VaultRoutes(net::Reactor& reactor, std::shared_ptr<vault::Vault> vault, std::shared_ptr<AuditLog> audit);
  /// Precondition: this object outlives the router.
  void add_to(net::Router& routes);

 private:
  net::Response report() const;
  net::Task<Result<void>> rotate(net::Exchange& exchange);
  net::Task<Result<void>> back_up(net::Exchange& exchange);

  net::Reactor& reactor_;
  const std::shared_ptr<vault::Vault> vault_;
  const std::shared_ptr<AuditLog> audit_;
};

}  // namespace tongs::gateway
