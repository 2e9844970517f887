#include "client/waiter.hpp"

#include <condition_variable>
#include <mutex>
#include <random>

namespace tongs::detail {

namespace {

class SystemWaiter final : public Waiter {
 public:
  Now now() const override { return Clock::system()->now(); }

  std::uint32_t random() const override { return std::random_device{}(); }

  void wait(std::chrono::milliseconds pause, const CallOptions& call) const override {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock hold(mutex);
    stopped.wait_for(hold, call.stop, pause, [] { return false; });
  }
};

}  // namespace

const std::shared_ptr<const Waiter>& Waiter::system() {
  static const auto* const waiter = new std::shared_ptr<const Waiter>(std::make_shared<SystemWaiter>());
  return *waiter;
}

}  // namespace tongs::detail
