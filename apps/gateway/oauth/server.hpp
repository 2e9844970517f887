#pragma once
#include <map>
#include <memory>
#include <string_view>

#include <tongs/clock.hpp>

#include "common/local_guard.hpp"
#include "common/log_sample.hpp"
#include "common/net/server.hpp"
#include "gateway/broker/broker.hpp"
#include "gateway/oauth/authenticator.hpp"
#include "gateway/oauth/issued_tokens.hpp"
#include "gateway/oauth/issuer.hpp"
#include "gateway/oauth/metrics.hpp"
#include "gateway/oauth/token_endpoint.hpp"

namespace tongs::gateway::oauth {

/// The OAuth 2.0 listener, on which a backend asks for tokens in the standard way: `/oauth2/token`,
/// `/oauth2/revoke`, `/oauth2/introspect` and the document that says so. Thread safety: none; lives in the
/// broker's reactor.
class Server {
 public:
  /// Preconditions: `broker` and `registry` outlive it.
  Server(net::LocalGuard guard, Issuer issuer, Broker& broker, metrics::Registry& registry,
         std::shared_ptr<AuditLog> audit, std::shared_ptr<const Clock> clock = Clock::system());

  /// Answers one request. Precondition: the object outlives the task.
  net::Task<> handle(net::Exchange& exchange);
  /// A connection did not get as far as a request.
  void note(const net::Refusal& refusal);
  /// What it gave out. Valid as long as this.
  const IssuedTokens& issued() const noexcept { return issued_; }
  /// Nothing that this installation was given is known any more.
  void forget(const InstallationId& installation) { issued_.forget(installation); }
  /// The same of the tokens of one user.
  void forget(const InstallationId& installation, const AccountId& user) {
    issued_.forget(installation, user);
  }

 private:
  net::Task<net::Response> answer_post(net::Exchange& exchange);
  net::Task<Outcome<net::Response>> route(const net::RequestHead& request, const Form& form,
                                          const net::Peer& peer);
  net::Response refuse(Subject subject, const Refusal& refusal, const net::Peer& peer);

  const net::LocalGuard guard_;
  const Issuer issuer_;
  Broker& broker_;
  std::shared_ptr<AuditLog> audit_;
  std::shared_ptr<const Clock> clock_;
  Metrics metrics_;
  metrics::Counter& refused_connections_;
  log::Sample refused_connections_logged_;
  std::map<Reason, log::Sample> refusals_;
  IssuedTokens issued_;
  Authenticator authenticator_;
  TokenEndpoint tokens_;
};

}  // namespace tongs::gateway::oauth
