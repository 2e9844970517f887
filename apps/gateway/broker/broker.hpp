#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include <tongs/asio.hpp>

#include "common/net/reactor.hpp"
#include "gateway/audit/audit_log.hpp"
#include "gateway/broker/user_token_limit.hpp"
#include "gateway/sources/departures.hpp"
#include "gateway/sources/source_chain.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway {

struct BrokerOptions {
  /// Where offline user tokens are asked for. Empty: `/graphql` at the host of the installation's own API
  /// (contract 4.2.1).
  std::string graphql_url;
  /// A question ends before the 10 s of those who wait for it, so that they hear where it failed.
  TokenPolicy policy{.fetch_timeout = std::chrono::milliseconds(9000)};
  std::shared_ptr<AuditLog> audit = no_audit_log();
};

/// Gives tokens to whatever speaks for a backend: the system token of an installation out of the vault, and
/// offline user tokens, fetched once however many ask. Thread safety: none; lives in one reactor.
class Broker {
 public:
  /// `chain`, `departures`, `limit` and `metrics` must outlive it.
  Broker(net::Reactor& reactor, BrokerOptions options, std::shared_ptr<vault::Vault> vault,
         std::shared_ptr<AsyncTransport> transport, SourceChain& chain, Departures& departures,
         UserTokenLimit& limit, SourceMetrics& metrics, std::shared_ptr<const Clock> clock = Clock::system());

  /// The installation, if its tokens may be given out.
  /// Errors: not_found (no such installation, or uninstalled), forbidden (an admin took the consent back, or
  /// has not given it yet).
  Result<std::shared_ptr<const vault::Installation>> serving(const InstallationId& installation) const;
  /// The same for one of its users. Errors: also forbidden (the consent to act for him was revoked).
  Result<std::shared_ptr<const vault::Installation>> serving(const InstallationId& installation,
                                                             const AccountId& account) const;

  using SystemToken = std::shared_ptr<const vault::Token>;
  /// What is in memory: costs a lookup. If it ends soon, its successor is asked for meanwhile.
  /// Errors: as `serving`, and rejected (no token alive: the message says what brings one).
  Result<SystemToken> system_token(const InstallationId& installation) const;
  /// The same, and if there is none, the active sources are asked. Errors: as above; those of the sources.
  net::Task<Result<SystemToken>> system_token(InstallationId installation, net::Steady::time_point deadline);
  /// The platform answered 401 to this very token: for a while any other is better, but if there is none, it
  /// is still given out (contract 7.1.3). Refusals that go on mean that the app was uninstalled (3.5.1).
  void reject(const InstallationId& installation, const SystemToken& token);
  /// Somebody here has no more use for this token: any other one comes first. Says nothing of the platform.
  void set_aside(const InstallationId& installation, const SystemToken& token);
  /// After `reject` or `set_aside`: whatever token there is by then; the active sources are asked for another
  /// one.
  net::Task<Result<SystemToken>> another_system_token(InstallationId installation,
                                                      net::Steady::time_point deadline);
  /// The platform took a token of this installation.
  void accepted(const InstallationId& installation) { departures_.alive(installation); }

  /// A token whose consent was taken back while it was on its way is never given out, not even if the consent
  /// is there again by then. Errors: as `system_token` and `serving`, and those of
  /// `AsyncTokenManager::get_token`.
  net::Task<Result<AccessToken>> user_token(InstallationId installation, AccountId account,
                                            net::Steady::time_point deadline);
  void reject(const InstallationId& installation, const AccessToken& token);

  /// The consent changed in the vault: forgets the tokens of users, and what is on its way for them. To be
  /// called with each revocation; `serving` alone refuses at once, but does not wipe.
  void forget_users(const InstallationId& installation);
  void forget_user(const InstallationId& installation, const AccountId& account);

  /// Whoever holds tokens across a wait compares it: after another number he asks anew.
  std::uint64_t changes_of_consent(const InstallationId& installation) const;

  /// The GraphQL endpoint for this installation. Errors: invalid_argument (its API base URL is none).
  Result<std::string> graphql_url(const vault::Installation& installation) const;

  vault::Vault& vault() noexcept { return *vault_; }

 private:
  class GraphqlSource;
  struct Users {
    AsyncTokenManager tokens;
    std::uint64_t changes_of_consent = 0;
  };
  Users& users_of(const InstallationId& installation);

  net::Reactor& reactor_;
  const BrokerOptions options_;
  std::shared_ptr<vault::Vault> vault_;
  std::shared_ptr<AsyncTransport> transport_;
  SourceChain& chain_;
  Departures& departures_;
  UserTokenLimit& limit_;
  SourceMetrics& metrics_;
  std::shared_ptr<const Clock> clock_;
  std::unordered_map<InstallationId, Users> users_;
};

}  // namespace tongs::gateway
