#include "gateway/sources/arrivals.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace tongs::gateway {

Arrivals::Watch::Watch(Arrivals& arrivals, InstallationId installation)
    : watches_(arrivals.watches_), installation_(std::move(installation)), timer_(arrivals.reactor_.context) {
  watches_->emplace(installation_, this);
}

Arrivals::Watch::~Watch() {
  auto [first, last] = watches_->equal_range(installation_);
  for (; first != last; ++first) {
    if (first->second != this) continue;
    watches_->erase(first);
    return;
  }
}

net::Task<> Arrivals::Watch::wait(MonoTime until) {
  timer_.expires_at(until);
  (void)co_await timer_.async_wait(net::use_tuple);  // woken or not: who waits looks for himself
}

template <class Change>
void Arrivals::tell(const InstallationId& installation, Change change) {
  net::asio::post(reactor_.context, [watches = watches_, installation, change = std::move(change)] {
    const auto [first, last] = watches->equal_range(installation);
    for (auto watch = first; watch != last; ++watch) {
      change(*watch->second);
      watch->second->wake();
    }
  });
}

void Arrivals::token_came(const InstallationId& installation) {
  tell(installation, [](Watch& watch) { watch.came_ = true; });
}

void Arrivals::refused(const InstallationId& installation, Error why) {
  tell(installation, [why = std::move(why)](Watch& watch) { watch.refusal_ = why; });
}

}  // namespace tongs::gateway
