#include "auth/landing.hpp"

#include <algorithm>
#include <utility>

#include "auth/caller_limits.hpp"

namespace tongs::detail {

namespace {

/// Waits on `changed` until `done`, the caller's stop or `until`. The result of `done`.
template <class Done>
bool wait_on(std::condition_variable_any& changed, std::unique_lock<std::mutex>& hold,
             const CallOptions& call, MonoTime until, Done done) {
  if (until == MonoTime::max()) return changed.wait(hold, call.stop, done);
  return changed.wait_until(hold, call.stop, until, done);
}

}  // namespace

void Landing::land(std::optional<Result<AccessToken>> outcome) {
  {
    const std::lock_guard hold(mutex_);
    outcome_ = std::move(outcome);
    landed_ = true;
  }
  changed_.notify_all();
}

std::optional<Result<AccessToken>> Landing::wait(const CallOptions& call) {
  std::unique_lock hold(mutex_);
  if (!wait_on(changed_, hold, call, call.deadline, [&] { return landed_; })) return departure(call);
  return outcome_;
}

bool pause_until(MonoTime moment, const CallOptions& call) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock hold(mutex);
  wait_on(never, hold, call, std::min(moment, call.deadline), [] { return false; });
  return !has_left(call);
}

}  // namespace tongs::detail
