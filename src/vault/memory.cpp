#include "vault/memory.hpp"

namespace tongs::vault {

std::vector<InstallationId> Memory::ids_after(const std::optional<InstallationId>& after,
                                              std::size_t limit) const {
  std::vector<InstallationId> ids;
  const std::lock_guard hold(ids_mutex_);
  for (auto next = after ? ids_.upper_bound(*after) : ids_.begin(); next != ids_.end() && ids.size() < limit;
       ++next) {
    ids.push_back(*next);
  }
  return ids;
}

std::size_t Memory::size() const {
  const std::lock_guard hold(ids_mutex_);
  return ids_.size();
}

void Memory::settle(Shard& shard, Entries::iterator entry, bool was_listed) {
  const bool listed = entry->second.listed();
  if (listed != was_listed) {
    const std::lock_guard hold(ids_mutex_);
    if (listed) {
      ids_.insert(entry->first.id);
    } else {
      ids_.erase(entry->first.id);
    }
  }
  if (entry->second.empty()) shard.entries.erase(entry);
}

}  // namespace tongs::vault
