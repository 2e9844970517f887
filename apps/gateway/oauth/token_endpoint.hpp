#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>

#include <tongs/clock.hpp>

#include "common/log_sample.hpp"
#include "common/net/server.hpp"
#include "gateway/audit/audit_log.hpp"
#include "gateway/broker/broker.hpp"
#include "gateway/oauth/authenticator.hpp"
#include "gateway/oauth/form.hpp"
#include "gateway/oauth/issued_tokens.hpp"
#include "gateway/oauth/refusal.hpp"

namespace tongs::gateway::oauth {

/// `POST /oauth2/token`: the installation's system token for `client_credentials`, an absent user's for a
/// token exchange (RFC 8693) or a JWT bearer grant (RFC 7523 2.1). Thread safety: none; lives in the broker's
/// reactor.
class TokenEndpoint {
 public:
  /// Preconditions: what it refers to outlives it.
  TokenEndpoint(Broker& broker, Authenticator& authenticator, IssuedTokens& issued, AuditLog& audit,
                std::shared_ptr<const Clock> clock)
      : broker_(broker),
        authenticator_(authenticator),
        issued_(issued),
        audit_(audit),
        clock_(std::move(clock)) {}

  /// Precondition: what it is given outlives the task.
  net::Task<Outcome<net::Response>> answer(const net::RequestHead& request, const Form& form,
                                           const net::Peer& peer);

 private:
  struct Asked;
  Outcome<Asked> who_asks(const net::RequestHead& request, const Form& form, const net::Peer& peer);
  Outcome<Asked> by_assertion(const ClientProof& proof, const Form& form, const net::Peer& peer);
  net::Task<Outcome<net::Response>> fetch(const Asked& asked, const Form& form);
  /// Another one than the client gave back, if there is another one or a source brings it.
  net::Task<Result<Broker::SystemToken>> system_token(const vault::OAuthClient& client,
                                                      net::Steady::time_point deadline);
  void note(const vault::OAuthClient& client, const AccountId* account, const Refusal* refusal);
  void note_poser(const vault::OAuthClient& client, const Refusal& refusal);
  Outcome<net::Response> give(const Asked& asked, IssuedToken& issued, const Form& form);

  Broker& broker_;
  Authenticator& authenticator_;
  IssuedTokens& issued_;
  AuditLog& audit_;
  std::shared_ptr<const Clock> clock_;
  std::unordered_map<std::string, log::Sample> posers_;  ///< by the id of the client that they are not
};

/// Why a client that proved itself gets nothing for its installation, or for this user of it.
std::optional<Refusal> ended(const Broker& broker, const vault::OAuthClient& client,
                             const AccountId* account = nullptr);

}  // namespace tongs::gateway::oauth
