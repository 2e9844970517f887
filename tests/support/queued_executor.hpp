#pragma once
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

#include <tongs/http.hpp>

namespace tongs {

/// Keeps jobs until a test runs or drops them. Thread safety: any.
class QueuedExecutor final : public Executor {
 public:
  void post(std::function<void()> job) override {
    const std::lock_guard hold(mutex_);
    jobs_.push_back(std::move(job));
  }

  std::size_t waiting() const {
    const std::lock_guard hold(mutex_);
    return jobs_.size();
  }
  /// Runs what is queued now, on this thread.
  void run() {
    for (const auto& job : take()) job();
  }
  void drop() { take(); }

 private:
  std::deque<std::function<void()>> take() {
    const std::lock_guard hold(mutex_);
    return std::exchange(jobs_, {});
  }
  mutable std::mutex mutex_;
  std::deque<std::function<void()>> jobs_;
};

}  // namespace tongs
