#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/local_guard.hpp"
#include "common/net/client.hpp"
#include "common/net/server.hpp"
#include "common/net/transport.hpp"
#include "gateway/audit/audit_log.hpp"
#include "gateway/broker/broker.hpp"
#include "gateway/egress/proxy_authorization.hpp"
#include "gateway/metrics.hpp"

namespace tongs::gateway {

struct EgressOptions {
  std::chrono::milliseconds token_time{10000};     ///< until there is a token
  std::chrono::milliseconds upstream_time{60000};  ///< until the head of Atlassian's answer
  std::size_t body_bytes = 16 * 1024 * 1024;       ///< of a request: it is held, to be sent again after a 401
  net::ClientLimits limits;
};

/// The side door for the backend: it calls Atlassian in plain HTTP, without a token, and says who it wants to
/// be
/// (`forge-proxy-authorization`, contract 6.1.3); the token is put in here. It understands
///
///     /jira/… /confluence/… /bitbucket/…    the product's API of that installation
///     /atlassian/graphql                    Atlassian's GraphQL gateway
///     /v1/installations  /v1/installation/…  what is installed (contract 6.1.6)
///     POST /graphql                         the seed's way to an offline user token (contract 6.2.2)
///
/// A token goes to the installation's own hosts and nowhere else; redirects are passed on, not followed.
/// Thread safety: none; lives in the broker's reactor.
class Egress {
 public:
  /// `ways`: to Atlassian.
  Egress(net::Reactor& reactor, net::LocalGuard guard, Broker& broker, EgressMetrics& metrics,
         EgressOptions options, net::Ways ways, std::shared_ptr<AuditLog> audit = no_audit_log());

  net::Task<> handle(net::Exchange& exchange);

 private:
  struct Credential;
  using UserTokens = std::map<AccountId, Result<AccessToken>>;

  net::Task<Result<void>> route(net::Exchange& exchange);
  net::Task<Result<void>> reply(net::Exchange& exchange, Result<net::Response> response);
  net::Task<Result<void>> give_token(net::Exchange& exchange, ProxyAuthorization caller);
  net::Task<UserTokens> user_tokens(InstallationId installation, std::vector<AccountId> accounts);
  Result<std::string> upstream_url(const ProxyAuthorization& caller, std::string_view target) const;
  net::Task<Result<void>> pass_on(net::Exchange& exchange, std::string url, ProxyAuthorization caller);
  net::Task<> answer_broken(net::Exchange& exchange, Error failure);
  net::Task<Result<Credential>> credential_for(const ProxyAuthorization& caller);
  net::Task<Result<net::Call>> call_with(net::Exchange& exchange, const net::Endpoint& endpoint,
                                         const std::string& body, const Credential& credential);
  void reject(const Credential& credential);
  void note_refusal(const net::RequestHead& request, const Error& failure);
  void note(const InstallationId& installation, const UserTokens& given);

  const net::LocalGuard guard_;
  Broker& broker_;
  EgressMetrics& metrics_;
  const EgressOptions options_;
  net::Client client_;
  const std::shared_ptr<AuditLog> audit_;
};

}  // namespace tongs::gateway
