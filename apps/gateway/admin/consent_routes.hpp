#pragma once
#include <functional>
#include <memory>
#include <utility>

#include <tongs/clock.hpp>

#include "common/router.hpp"
#include "gateway/audit/audit_log.hpp"
#include "gateway/broker/broker.hpp"

namespace tongs::gateway {

/// What administrators see of installations and users, and how they give and take consent (contract 5.3,
/// R10):
///
///     GET  /v1/installations?pageSize=&cursor=      every installation, revoked and uninstalled ones too
///     GET  /v1/installations/{id}
///     POST /v1/installations/{id}/authorize|revoke
///     GET  /v1/installations/{id}/users
///     POST /v1/installations/{id}/users/{account}/authorize|revoke
///
/// A revocation holds for every request that comes after it, and for tokens that are on their way; it is
/// answered with 200 once it is durable. No answer has a token in it.
/// Thread safety: none; lives in the broker's reactor.
class ConsentRoutes {
 public:
  /// `broker` outlives it.
  ConsentRoutes(net::Reactor& reactor, Broker& broker, std::shared_ptr<AuditLog> audit,
                std::shared_ptr<const Clock> clock = Clock::system());
  /// `told` hears of each user whose consent is taken. Set before the first request.
  void on_revoked_user(std::function<void(const InstallationId&, const AccountId&)> told) {
    user_revoked_ = std::move(told);
  }
  /// Precondition: this object outlives the router.
  void add_to(net::Router& routes);

 private:
  using Change = std::function<Result<void>(WallTime now, vault::Done done)>;

  net::Task<Result<void>> answer_change(net::Exchange& exchange, const net::PathParameters& path,
                                        bool authorize);
  net::Task<Result<void>> answer_change_of_user(net::Exchange& exchange, const net::PathParameters& path,
                                                bool authorize);
  Result<net::Response> list(std::string_view query) const;
  Result<net::Response> show(const InstallationId& id) const;
  Result<net::Response> show_users(const InstallationId& id) const;
  Result<net::Response> show_user(const InstallationId& id, const AccountId& account) const;
  net::Task<Result<net::Response>> change(InstallationId id, bool authorize);
  net::Task<Result<net::Response>> change_user(InstallationId id, AccountId account, bool authorize);
  net::Task<Result<void>> carry_out(Change change, AuditEvent event);

  net::Reactor& reactor_;
  Broker& broker_;
  const std::shared_ptr<AuditLog> audit_;
  const std::shared_ptr<const Clock> clock_;
  std::function<void(const InstallationId&, const AccountId&)> user_revoked_;
};

}  // namespace tongs::gateway
