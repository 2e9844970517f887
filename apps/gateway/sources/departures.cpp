#include "gateway/sources/departures.hpp"

namespace tongs::gateway {

bool DepartureSigns::refused(std::chrono::seconds since_installation, MonoTime now) noexcept {
  if (since_installation < kGrace) return false;
  if (refusals_++ == 0) first_ = now;
  return refusals_ >= kLeastRefusals && now - first_ >= kLeastTime;
}

bool Departures::refused(const InstallationId& installation, std::chrono::seconds since_installation,
                         MonoTime now) {
  const std::lock_guard hold(mutex_);
  const bool gone = signs_[installation].refused(since_installation, now);
  if (gone) signs_.erase(installation);
  suspects_ = signs_.size();
  return gone;
}

void Departures::alive(const InstallationId& installation) {
  if (suspects_.load(std::memory_order_relaxed) == 0) return;
  const std::lock_guard hold(mutex_);
  signs_.erase(installation);
  suspects_ = signs_.size();
}

}  // namespace tongs::gateway
