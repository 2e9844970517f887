#pragma once
#include <memory>
#include <string>

#include <tongs/clock.hpp>

#include "common/router.hpp"
#include "gateway/audit/audit_log.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway {

/// What the routes work with.
struct ClientDesk {
  std::shared_ptr<vault::Vault> vault;
  std::string token_endpoint = {};     ///< that a new client is told; empty: the OAuth listener is off
  bool asks_for_certificates = false;  ///< does that listener?
  std::shared_ptr<AuditLog> audit = no_audit_log();
  std::shared_ptr<const Clock> clock = Clock::system();
};

/// Adds, for administrators:
///
///     POST   /v1/installations/{uuid}/clients   {name?, expiresInDays?, allowFrom?, jwks?,
///                                               certificate?, connect?}: 201
///     GET    /v1/installations/{uuid}/clients
///     POST   /v1/clients/{id}/rotate            {overlapSeconds?, expiresInDays?}
///     DELETE /v1/clients/{id}
///
/// An answer comes when the change is durable. A secret is in the answer that made it and nowhere else.
void add_client_routes(net::Router& routes, ClientDesk desk);

}  // namespace tongs::gateway
