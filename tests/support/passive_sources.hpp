#pragma once
#include <memory>
#include <utility>

#include "common/metrics.hpp"
#include "gateway/broker/broker.hpp"

namespace tongs::gateway::testing {

/// A broker whose tokens come by themselves: it has no source that it could ask. What it needs lives here.
class PassiveBroker {
 public:
  PassiveBroker(net::Reactor& reactor, BrokerOptions options, std::shared_ptr<vault::Vault> vault,
                std::shared_ptr<AsyncTransport> platform, std::shared_ptr<const Clock> clock,
                std::uint32_t user_tokens_per_minute = 0)
      : chain_(reactor, {}, metrics_, {}, clock),
        limit_(reactor, user_tokens_per_minute, registry_, clock),
        broker_(reactor, std::move(options), std::move(vault), std::move(platform), chain_, departures_,
                limit_, metrics_, clock) {}

  Broker& operator*() noexcept { return broker_; }
  Broker* operator->() noexcept { return &broker_; }

 private:
  metrics::Registry registry_;
  SourceMetrics metrics_{registry_};
  Departures departures_;
  SourceChain chain_;
  UserTokenLimit limit_;
  Broker broker_;
};

}  // namespace tongs::gateway::testing
