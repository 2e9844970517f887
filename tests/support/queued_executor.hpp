#pragma once
#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include <tongs/http.hpp>

namespace tongs::testing {

/// An executor that runs its jobs when a test says so, on the test's thread. Thread safety: any.
class QueuedExecutor final : public Executor {
 public:
  void post(std::function<void()> job) override {
    const std::lock_guard hold(mutex_);
    jobs_.push_back(std::move(job));
  }
  /// Runs what has been posted so far.
  void run() {
    for (const auto& job : take()) job();
  }
  /// Forgets what has been posted so far, as an executor does that shuts down.
  void drop() { take(); }
  std::size_t waiting() const {
    const std::lock_guard hold(mutex_);
    return jobs_.size();
  }

 private:
  std::vector<std::function<void()>> take() {
    const std::lock_guard hold(mutex_);
    return std::exchange(jobs_, {});
  }
  mutable std::mutex mutex_;
  std::vector<std::function<void()>> jobs_;
};

}  // namespace tongs::testing
