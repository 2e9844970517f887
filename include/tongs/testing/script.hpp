#pragma once
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <tongs/call_options.hpp>
#include <tongs/http.hpp>
#include <tongs/result.hpp>

namespace tongs::testing {

/// Holds calls back until a test lets them go, so that a test decides the order of events and never sleeps.
/// Copies are the same gate.
/// Thread safety: any.
class Gate {
 public:
  Gate();
  /// Lets everyone pass, now and later.
  void open();
  /// Blocks until `count` calls have come to this gate, those included that have passed it.
  void wait_for_arrivals(std::size_t count) const;
  /// What a fake does at the gate. Errors: cancelled, deadline_exceeded.
  Result<void> pass(const CallOptions& call) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// What a fake does call by call: a queue of steps, and what to do when it has run out.
/// Thread safety: any.
template <class... Args>
class Script {
 public:
  using Step = std::function<Result<HttpResponse>(Args..., const CallOptions&)>;

  /// The next call in the queue is answered so.
  Script& answer(int status, std::string body = {}, std::vector<Header> headers = {}) {
    return answer(HttpResponse{status, std::move(headers), std::move(body)});
  }
  Script& answer(HttpResponse response) {
    return run([response = std::move(response)](Args..., const CallOptions&) -> Result<HttpResponse> {
      return response;
    });
  }
  /// …gets no answer.
  Script& fail(Error error) {
    return run(
        [error = std::move(error)](Args..., const CallOptions&) -> Result<HttpResponse> { return error; });
  }
  /// …runs `step`, without any lock held.
  Script& run(Step step) {
    const std::lock_guard hold(mutex_);
    queue_.push_back(std::move(step));
    return *this;
  }
  /// The step that was added last first waits at `gate`.
  Script& behind(Gate gate) {
    const std::lock_guard hold(mutex_);
    Step step = std::move(queue_.back());
    queue_.back() = [gate = std::move(gate), step = std::move(step)](
                        Args... args, const CallOptions& call) -> Result<HttpResponse> {
      if (auto passed = gate.pass(call); !passed) return passed.error();
      return step(args..., call);
    };
    return *this;
  }
  /// What to do with calls for which there is no step.
  Script& otherwise(Step step) {
    const std::lock_guard hold(mutex_);
    otherwise_ = std::move(step);
    return *this;
  }

  /// Steps that nobody has come for yet.
  std::size_t unused() const {
    const std::lock_guard hold(mutex_);
    return queue_.size();
  }

 protected:
  explicit Script(Step otherwise) : otherwise_(std::move(otherwise)) {}
  ~Script() = default;

  Step next_step() const {
    const std::lock_guard hold(mutex_);
    if (queue_.empty()) return otherwise_;
    Step step = std::move(queue_.front());
    queue_.pop_front();
    return step;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::deque<Step> queue_;
  Step otherwise_;
};

}  // namespace tongs::testing
