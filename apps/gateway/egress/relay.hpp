#pragma once
#include <optional>
#include <string>

#include "common/net/client.hpp"
#include "common/net/server.hpp"
#include "common/net/transport.hpp"
#include "gateway/egress/credentials.hpp"
#include "gateway/egress/lanes.hpp"
#include "gateway/egress/options.hpp"
#include "gateway/egress/pauses.hpp"
#include "gateway/egress/quota_metrics.hpp"
#include "gateway/metrics.hpp"

namespace tongs::gateway {

/// Carries calls to Atlassian and answers back, each with its caller's token: in turn, and not while
/// Atlassian wants to be left alone. A short body of a request is held, so that the call can be sent again
/// with another token after a 401; a long one, or one of unknown length, is passed on as it comes, and then a
/// 401 is the answer. Redirects are passed back, never followed: a token goes nowhere else. Thread safety:
/// none.
class Relay {
 public:
  /// What it refers to outlives it.
  struct Parts {
    net::Reactor& reactor;
    Broker& broker;
    Invocations& invocations;
    EgressMetrics& metrics;
    QuotaMetrics& quotas;
  };
  Relay(Parts parts, const EgressOptions& options, net::Ways ways);

  /// Answers, or leaves it to whom it gives an Error. Errors: rate_limited, unavailable (not its turn in
  /// time), those of `Credentials::get` and of the client.
  net::Task<Result<void>> carry(net::Exchange& exchange, const Caller& caller, Api api,
                                const net::Endpoint& to);

  const Lanes& lanes() const noexcept { return lanes_; }

 private:
  struct Trip;
  net::Task<Result<Credential>> credential_for(const Trip& trip);
  net::Task<Result<Lanes::Lane>> wait_for_lane(const Trip& trip);
  net::Task<Result<void>> go(Trip& trip, Credential credential);
  net::Task<Result<net::Call>> send(const Trip& trip, const Credential& credential);
  net::Task<> pass_answer_back(net::Exchange& exchange, net::Call& call);
  Result<void> check_pause(const Trip& trip) const;
  void note(const Trip& trip, const net::ResponseHead& answer);
  void pause(const Trip& trip, int status, const QuotaReport& report);

  EgressMetrics& metrics_;
  QuotaMetrics& quotas_;
  const EgressOptions options_;
  Credentials credentials_;
  Lanes lanes_;
  Pauses pauses_;
  net::Client client_;
};

}  // namespace tongs::gateway
