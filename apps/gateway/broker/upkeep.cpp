#include "gateway/broker/upkeep.hpp"

#include "common/net/timer.hpp"

namespace tongs::gateway {

net::Task<> keep_in_order(net::Reactor& reactor, std::shared_ptr<vault::Vault> vault,
                          std::shared_ptr<const Clock> clock, std::chrono::milliseconds pause) {
  net::Timer timer(reactor.context);
  for (;;) {
    vault->sweep(clock->wall_now());
    vault->probe();
    timer.expires_after(pause);
    auto [stopped] = co_await timer.async_wait(net::use_tuple);
    if (stopped) co_return;
  }
}

}  // namespace tongs::gateway
