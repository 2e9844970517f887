#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "common/metrics.hpp"
#include "common/net/server.hpp"
#include "gateway/audit/audit_log.hpp"
#include "gateway/broker/broker.hpp"
#include "gateway/egress/admission.hpp"
#include "gateway/egress/caller.hpp"
#include "gateway/egress/options.hpp"
#include "gateway/egress/quota_metrics.hpp"
#include "gateway/egress/relay.hpp"
#include "gateway/egress/upstreams.hpp"
#include "gateway/metrics.hpp"

namespace tongs::gateway {

/// The side door for the backend: it calls Atlassian in plain HTTP, without a token, and says who it wants to
/// be (`forge-proxy-authorization`, contract 6.1.3), or shows a token of our own OAuth endpoint. It
/// understands
///
///     /jira/… /confluence/… /bitbucket/…     the product's API of that installation
///     /atlassian/graphql                     Atlassian's GraphQL gateway
///     /forge/storage/kvs/v1/…                the app's own storage
///     /v1/installations  /v1/installation/…  what is installed (contract 6.1.6)
///     /invocation/context                    the claims of an invocation, by its id (contract 6.1.5)
///     POST /graphql                          the seed's way to an offline user token (contract 6.2.2)
///
/// A token goes to the installation's own hosts and nowhere else; redirects are passed on, not followed.
/// Thread safety: none; lives in the broker's reactor.
class Egress {
 public:
  /// What it refers to outlives it.
  struct Parts {
    net::Reactor& reactor;
    Broker& broker;
    Invocations& invocations;
    EgressMetrics& metrics;
    metrics::Registry& registry;
    std::shared_ptr<AuditLog> audit = no_audit_log();
  };
  /// `ways`: to Atlassian.
  Egress(Parts parts, Admission admission, const EgressOptions& options, net::Ways ways);

  /// Tokens that it takes in place of `forge-proxy-authorization`. `issued` must outlive this.
  void take_tokens_of(const oauth::IssuedTokens& issued) { issued_ = &issued; }

  net::Task<> handle(net::Exchange& exchange);

 private:
  using UserTokens = std::map<AccountId, Result<AccessToken>>;

  CallerContext context() const;
  net::Task<Result<void>> route(net::Exchange& exchange);
  net::Task<Result<void>> reply(net::Exchange& exchange, Result<net::Response> response);
  net::Task<Result<void>> call(net::Exchange& exchange, Place place);
  Result<net::Response> show_invocation(const net::RequestHead& request) const;
  net::Task<Result<void>> give_token(net::Exchange& exchange);
  net::Task<UserTokens> user_tokens(InstallationId installation, std::vector<AccountId> accounts);
  void note_refusal(const net::RequestHead& request, std::string_view reason);
  void note(const InstallationId& installation, const UserTokens& given);

  Broker& broker_;
  Invocations& invocations_;
  EgressMetrics& metrics_;
  const Admission admission_;
  const EgressOptions options_;
  const std::shared_ptr<AuditLog> audit_;
  const oauth::IssuedTokens* issued_ = nullptr;
  QuotaMetrics quotas_;
  Upstreams upstreams_;
  Relay relay_;
};

}  // namespace tongs::gateway
