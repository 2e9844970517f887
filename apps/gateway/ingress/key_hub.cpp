#include "gateway/ingress/key_hub.hpp"

#include "common/log.hpp"
#include "common/net/hop.hpp"
#include "common/net/timer.hpp"

namespace tongs::gateway {

namespace {

constexpr std::chrono::seconds kLook{15};
constexpr std::chrono::seconds kPatience{10};

}  // namespace

bool KeyState::holds(net::Steady::time_point now) const noexcept {
  return hub->generation_.load(std::memory_order_acquire) == generation &&
         now < hub->believed_until_.load(std::memory_order_acquire);
}

KeyHub::KeyHub(net::Reactor& home, std::string name, AsyncKeySource remote)
    : home_(home), name_(std::move(name)), remote_(std::make_unique<AsyncKeySource>(std::move(remote))) {}

KeyHub::KeyHub(net::Reactor& home, std::shared_ptr<KeySource> fixed)
    : home_(home), fixed_(std::move(fixed)), believed_until_(net::Steady::time_point::max()) {
  status_.usable = true;
}

net::Task<Result<KeyAnswer>> KeyHub::find(std::string kid, net::Steady::time_point deadline) {
  if (fixed_) {
    auto key = fixed_->find(kid, {});
    if (!key) co_return std::move(key).error();
    co_return KeyAnswer{*std::move(key), {this, 0}};
  }
  auto asked = find_at_home(std::move(kid), deadline);
  co_return co_await net::run_on(home_, std::move(asked));
}

net::Task<Result<KeyAnswer>> KeyHub::find_at_home(std::string kid, net::Steady::time_point deadline) {
  auto key = co_await remote_->find(std::move(kid), deadline);
  publish();
  if (!key) co_return std::move(key).error();
  co_return KeyAnswer{*std::move(key), {this, remote_->status().generation}};
}

net::Task<> KeyHub::keep_fresh() {
  if (!remote_) co_return;
  net::Timer timer(home_.context);
  for (bool told = false;;) {
    auto fetched = co_await remote_->prefetch(net::Steady::now() + kPatience);
    publish();
    if (!fetched && !told) {
      log::warn("Forge's public keys cannot be fetched; invocations are answered with 503 until they can",
                {{"keys", name_}, {"reason", fetched.error().describe()}});
    } else if (fetched && told) {
      log::info("Forge's public keys are there again", {{"keys", name_}});
    }
    told = !fetched;
    timer.expires_after(fetched ? kLook : std::chrono::seconds(1));
    auto [stopped] = co_await timer.async_wait(net::use_tuple);
    if (stopped || retired_) co_return;
  }
}

JwksStatus KeyHub::status() const {
  const std::lock_guard hold(mutex_);
  return status_;
}

void KeyHub::publish() {
  const JwksStatus status = remote_->status();
  generation_.store(status.generation, std::memory_order_release);
  believed_until_.store(net::Steady::now() + status.believed_for, std::memory_order_release);
  const std::lock_guard hold(mutex_);
  status_ = status;
}

}  // namespace tongs::gateway
