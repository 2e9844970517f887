#include "gateway/ingress/backend_health.hpp"

#include <algorithm>

namespace tongs::gateway {

std::optional<std::chrono::milliseconds> BackendHealth::pause(const HealthPolicy& policy, Time now) noexcept {
  if (up()) return std::nullopt;
  if (now < *asked_again_at_) return std::chrono::ceil<std::chrono::milliseconds>(*asked_again_at_ - now);
  changed_ = now;
  asked_again_at_ = now + policy.trial_time;
  return std::nullopt;
}

bool BackendHealth::lives() noexcept {
  failures_ = 0;
  pause_ = {};
  if (up()) return false;
  asked_again_at_.reset();
  return true;
}

bool BackendHealth::failed(const HealthPolicy& policy, Time began, Time now) noexcept {
  if (began < changed_) return false;
  const bool was_up = up();
  if (was_up && (policy.failures == 0 || ++failures_ < policy.failures)) return false;
  pause_ = std::min(std::max(2 * pause_, policy.first_pause), policy.longest_pause);
  changed_ = now;
  asked_again_at_ = now + pause_;
  return was_up;
}

}  // namespace tongs::gateway
