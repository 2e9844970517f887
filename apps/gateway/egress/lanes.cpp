#include "gateway/egress/lanes.hpp"

#include <unordered_map>
#include <utility>

#include "common/net/timer.hpp"

namespace tongs::gateway {

namespace {

constexpr std::chrono::seconds kTryAgain{1};

Error too_many_of_one() {
  return Error(Errc::rate_limited, "too many calls of this installation wait for their turn")
      .with_retry_after(kTryAgain);
}

Error too_many() {
  return Error(Errc::unavailable, "too many calls wait for their turn").with_retry_after(kTryAgain);
}

Error too_long() {
  return Error(Errc::rate_limited, "it did not become this call's turn in time").with_retry_after(kTryAgain);
}

}  // namespace

/// Lives until the last of its calls has ended, if need be longer than the Lanes.
struct Lanes::State {
  explicit State(FairQueue::Limits limits) : queue(limits) {}
  void leave(const InstallationId& installation);

  FairQueue queue;
  std::uint64_t last_ticket = 0;
  Ticket next_ticket() noexcept { return Ticket{++last_ticket}; }
  std::unordered_map<Ticket, Waiting*> waiters;
};

/// One that has to wait. Ends its wait with the coroutine that it stands in.
class Lanes::Waiting {
 public:
  Waiting(net::Reactor& reactor, std::shared_ptr<State> state, InstallationId installation, Ticket ticket)
      : timer_(reactor.context),
        state_(std::move(state)),
        installation_(std::move(installation)),
        ticket_(ticket) {
    state_->waiters.emplace(ticket_, this);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    if (lane_) return;
    state_->waiters.erase(ticket_);
    state_->queue.give_up(installation_, ticket_);
  }

  void go() {
    state_->waiters.erase(ticket_);
    lane_.emplace(Lane(state_, installation_));
    timer_.cancel();
  }
  net::Task<> wait(net::Steady::time_point until) {
    timer_.expires_at(until);
    (void)co_await timer_.async_wait(net::use_tuple);  // by its turn or by time: the lane tells
  }
  std::optional<Lane>& lane() noexcept { return lane_; }

 private:
  net::Timer timer_;
  std::shared_ptr<State> state_;
  const InstallationId installation_;
  const Ticket ticket_;
  std::optional<Lane> lane_;
};

void Lanes::State::leave(const InstallationId& installation) {
  const auto next = queue.leave(installation);
  if (next) waiters.at(*next)->go();
}

Lanes::Lane::~Lane() {
  if (state_) state_->leave(installation_);
}

Lanes::Lanes(net::Reactor& reactor, FairQueue::Limits limits)
    : reactor_(reactor), state_(std::make_shared<State>(limits)) {}

Lanes::~Lanes() = default;

std::optional<Lanes::Lane> Lanes::enter_now(const InstallationId& installation) {
  if (!state_->queue.has_room_for(installation)) return std::nullopt;
  (void)state_->queue.enter(installation, state_->next_ticket());
  return Lane(state_, installation);
}

net::Task<Result<Lanes::Lane>> Lanes::enter(InstallationId installation, net::Steady::time_point deadline) {
  const Ticket ticket = state_->next_ticket();
  switch (state_->queue.enter(installation, ticket)) {
    case FairQueue::Entry::go:
      co_return Lane(state_, std::move(installation));
    case FairQueue::Entry::each_full:
      co_return too_many_of_one();
    case FairQueue::Entry::full:
      co_return too_many();
    case FairQueue::Entry::wait:
      break;
  }
  Waiting waiting(reactor_, state_, std::move(installation), ticket);
  co_await waiting.wait(deadline);
  if (!waiting.lane()) co_return too_long();
  co_return *std::move(waiting.lane());
}

std::size_t Lanes::running() const noexcept { return state_->queue.running(); }
std::size_t Lanes::waiting() const noexcept { return state_->queue.waiting(); }

}  // namespace tongs::gateway
