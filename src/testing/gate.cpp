#include <condition_variable>
#include <mutex>

#include <tongs/testing/script.hpp>

namespace tongs::testing {

struct Gate::State {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::size_t arrivals = 0;
  bool open = false;
};

Gate::Gate() : state_(std::make_shared<State>()) {}

void Gate::open() {
  const std::lock_guard hold(state_->mutex);
  state_->open = true;
  state_->changed.notify_all();
}

void Gate::wait_for_arrivals(std::size_t count) const {
  std::unique_lock hold(state_->mutex);
  state_->changed.wait(hold, [&] { return state_->arrivals >= count; });
}

Result<void> Gate::pass(const CallOptions& call) const {
  std::unique_lock hold(state_->mutex);
  ++state_->arrivals;
  state_->changed.notify_all();
  const auto is_open = [&] { return state_->open; };
  if (call.deadline == MonoTime::max()) {
    state_->changed.wait(hold, call.stop, is_open);
  } else {
    state_->changed.wait_until(hold, call.stop, call.deadline, is_open);
  }
  if (is_open()) return {};
  if (call.stop.stop_requested()) return Error(Errc::cancelled, "the call was cancelled at a gate of a test");
  return Error(Errc::deadline_exceeded, "the deadline passed at a gate of a test");
}

}  // namespace tongs::testing
