#include "common/net/deadline.hpp"

#include <vector>

#include "common/net/timer.hpp"

namespace tongs::net {

struct DeadlineWatch::State : std::enable_shared_from_this<State> {
  explicit State(Context& context) : timer(context) {}

  void add(Deadline& deadline) {
    deadline.index_ = watched.size();
    watched.push_back(&deadline);
    if (!sleeping) sleep();
  }

  void remove(Deadline& deadline) noexcept {
    watched.back()->index_ = deadline.index_;
    watched[deadline.index_] = watched.back();
    watched.pop_back();
    if (watched.empty()) timer.cancel();
  }

  void sleep() {
    sleeping = true;
    now = Steady::now();
    timer.expires_at(now + kGrain);
    timer.async_wait([self = weak_from_this()](const error_code& failed) {
      const auto state = self.lock();
      if (!state) return;
      state->sleeping = false;
      if (!failed) state->look();
      if (!state->watched.empty() && !state->sleeping) state->sleep();
    });
  }

  void look() {
    now = Steady::now();
    // `expired()` may end connections, and so remove deadlines anywhere in the list: look from the end, by
    // index.
    for (std::size_t i = watched.size(); i-- > 0;) {
      if (i >= watched.size() || watched[i]->at_ > now) continue;
      watched[i]->disarm();
      watched[i]->expired();
    }
  }

  Timer timer;
  std::vector<Deadline*> watched;
  Steady::time_point now = Steady::now();
  bool sleeping = false;
};

DeadlineWatch::DeadlineWatch(Context& context) : state_(std::make_shared<State>(context)) {}

Steady::time_point DeadlineWatch::now() const noexcept { return state_->now; }

Deadline::Deadline(DeadlineWatch& watch) : watch_(watch.state_) { watch_->add(*this); }

Deadline::~Deadline() { watch_->remove(*this); }

void Deadline::expires_after(Steady::duration wait) noexcept { at_ = watch_->now + wait; }

}  // namespace tongs::net
