#pragma once
#include <memory>
#include <optional>

#include <tongs/ids.hpp>
#include <tongs/result.hpp>

#include "common/net/reactor.hpp"
#include "gateway/egress/fair_queue.hpp"

namespace tongs::gateway {

/// Lets calls go when it is their turn. Thread safety: none; lives in one reactor.
class Lanes {
  struct State;
  class Waiting;

 public:
  /// A call under way. When it ends, the next one goes.
  class Lane {
   public:
    Lane(Lane&&) noexcept = default;
    Lane& operator=(Lane&&) = delete;
    ~Lane();

   private:
    friend class Lanes;
    friend class Waiting;
    Lane(std::shared_ptr<State> state, InstallationId installation)
        : state_(std::move(state)), installation_(std::move(installation)) {}
    std::shared_ptr<State> state_;  ///< null: moved from
    InstallationId installation_;
  };

  Lanes(net::Reactor& reactor, FairQueue::Limits limits);
  ~Lanes();

  /// A lane that is free now.
  std::optional<Lane> enter_now(const InstallationId& installation);
  /// Waits for one. Errors: rate_limited (too many calls of this installation wait, or it took too long for
  /// its own calls), unavailable (too many wait in all).
  net::Task<Result<Lane>> enter(InstallationId installation, net::Steady::time_point deadline);

  std::size_t running() const noexcept;
  std::size_t waiting() const noexcept;

 private:
  net::Reactor& reactor_;
  std::shared_ptr<State> state_;
};

}  // namespace tongs::gateway
