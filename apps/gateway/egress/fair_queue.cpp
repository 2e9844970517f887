#include "gateway/egress/fair_queue.hpp"

#include <algorithm>

namespace tongs::gateway {

bool FairQueue::has_room_for(const InstallationId& installation) const {
  if (running_ >= limits_.at_once) return false;
  const auto found = lines_.find(installation);
  return found == lines_.end() || found->second.running < limits_.at_once_each;
}

FairQueue::Entry FairQueue::enter(const InstallationId& installation, Ticket ticket) {
  Lines::value_type& place = *lines_.try_emplace(installation).first;
  Line& line = place.second;
  if (running_ < limits_.at_once && line.running < limits_.at_once_each) {
    ++running_;
    ++line.running;
    return Entry::go;
  }
  const bool each_full = line.waiting.size() >= limits_.waiting_each;
  if (each_full || waiting_ >= limits_.waiting) {
    tidy(installation);
    return each_full ? Entry::each_full : Entry::full;
  }
  line.waiting.push_back(ticket);
  ++waiting_;
  queue_up(place);
  return Entry::wait;
}

std::optional<FairQueue::Ticket> FairQueue::leave(const InstallationId& installation) {
  Lines::value_type& place = *lines_.find(installation);
  --place.second.running;
  --running_;
  queue_up(place);
  std::optional<Ticket> next;
  while (!next && !turns_.empty()) {
    Lines::value_type& first = *turns_.front();
    Line& line = first.second;
    turns_.pop_front();
    line.in_turn = false;
    if (may_go(line)) {
      next = line.waiting.front();
      line.waiting.pop_front();
      --waiting_;
      ++running_;
      ++line.running;
      queue_up(first);
    } else {
      tidy(InstallationId(first.first));
    }
  }
  tidy(installation);
  return next;
}

void FairQueue::give_up(const InstallationId& installation, Ticket ticket) {
  auto& waiting = lines_.find(installation)->second.waiting;
  waiting.erase(std::lower_bound(waiting.begin(), waiting.end(), ticket));
  --waiting_;
  tidy(installation);
}

void FairQueue::queue_up(Lines::value_type& place) {
  if (place.second.in_turn || !may_go(place.second)) return;
  place.second.in_turn = true;
  turns_.push_back(&place);
}

void FairQueue::tidy(const InstallationId& installation) {
  const auto found = lines_.find(installation);
  if (found == lines_.end()) return;
  const Line& line = found->second;
  if (line.running == 0 && line.waiting.empty() && !line.in_turn) lines_.erase(found);
}

}  // namespace tongs::gateway
