#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include <tongs/installation.hpp>

#include "auth/token_text.hpp"

namespace tongs {

namespace {

/// More rejections than this within `kRejectedFor` are no rotation any more; the oldest are forgotten.
constexpr std::size_t kMostRejections = 16;

struct Current {
  std::shared_ptr<const Secret> token;
  WallTime ends;
  MonoTime mono_end;

  bool lives(Now now) const noexcept { return token && now.wall < ends && now.mono < mono_end; }
};

struct Rejection {
  std::shared_ptr<const Secret> token;
  MonoTime until;
};

/// A life that both clocks can count without overflow.
std::chrono::seconds bounded(std::chrono::seconds life) noexcept {
  return std::min<std::chrono::seconds>(life, std::chrono::hours(24 * 366));
}

}  // namespace

struct InstallationCredentials::State {
  std::mutex mutex;
  Current current;
  std::vector<Rejection> rejections;

  bool was_rejected(const Secret& token, MonoTime now) const {
    return std::any_of(rejections.begin(), rejections.end(), [&](const Rejection& rejection) {
      return now < rejection.until && *rejection.token == token;
    });
  }
};

InstallationCredentials::InstallationCredentials(InstallationId installation,
                                                 std::shared_ptr<const Clock> clock)
    : installation_(std::move(installation)), clock_(std::move(clock)), state_(std::make_shared<State>()) {}

bool InstallationCredentials::offer(Secret app_system_token, WallTime expires_at) {
  const Now now = clock_->now();
  if (!detail::is_sendable_token(app_system_token.reveal()) || expires_at <= now.wall) return false;
  const std::lock_guard hold(state_->mutex);
  if (state_->current.lives(now) && expires_at <= state_->current.ends) return false;
  if (state_->was_rejected(app_system_token, now.mono)) return false;
  state_->current = {std::make_shared<const Secret>(std::move(app_system_token)), expires_at,
                     now.mono + bounded(expires_at - now.wall)};
  return true;
}

bool InstallationCredentials::offer(Secret app_system_token) {
  const auto end = unverified_expiry(app_system_token.reveal());
  return offer(std::move(app_system_token), end.value_or(clock_->wall_now() + kOpaqueLife));
}

std::optional<SystemToken> InstallationCredentials::current() const {
  const Now now = clock_->now();
  const std::lock_guard hold(state_->mutex);
  if (!state_->current.lives(now)) return std::nullopt;
  return SystemToken(state_->current.token, state_->current.ends);
}

bool InstallationCredentials::reject(const SystemToken& token) {
  const MonoTime now = clock_->mono_now();
  const std::lock_guard hold(state_->mutex);
  if (!state_->current.token || *state_->current.token != *token.secret_) return false;
  auto& rejections = state_->rejections;
  std::erase_if(rejections, [&](const Rejection& old) { return old.until <= now; });
  if (rejections.size() == kMostRejections) rejections.erase(rejections.begin());
  rejections.push_back({std::exchange(state_->current.token, nullptr), now + kRejectedFor});
  return true;
}

}  // namespace tongs
