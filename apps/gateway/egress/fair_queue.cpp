#include "gateway/egress/fair_queue.hpp"

namespace tongs::gateway {

bool FairQueue::may_go(const InstallationId& installation) const {
  const auto found = running_each_.find(installation);
  return found == running_each_.end() || found->second < limits_.at_once_each;
}

bool FairQueue::has_room_for(const InstallationId& installation) const {
  return running_ < limits_.at_once && may_go(installation);
}

void FairQueue::go(const InstallationId& installation) {
  ++running_;
  ++running_each_[installation];
}

FairQueue::Entry FairQueue::enter(const InstallationId& installation, Ticket ticket) {
  if (has_room_for(installation)) {
    go(installation);
    return Entry::go;
  }
  if (waiting_.size_of(installation) >= limits_.waiting_each) return Entry::each_full;
  if (waiting_.size() >= limits_.waiting) return Entry::full;
  waiting_.add(installation, ticket);
  return Entry::wait;
}

std::optional<Ticket> FairQueue::leave(const InstallationId& installation) {
  // Whoever could not have gone begins to wait for his turn now.
  if (!may_go(installation)) waiting_.to_back(installation);
  --running_;
  const auto own = running_each_.find(installation);
  if (--own->second == 0) running_each_.erase(own);
  auto next = waiting_.take([this](const InstallationId& of) { return may_go(of); });
  if (!next) return std::nullopt;
  go(next->installation);
  return next->ticket;
}

}  // namespace tongs::gateway
