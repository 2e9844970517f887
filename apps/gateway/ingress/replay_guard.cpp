#include "gateway/ingress/replay_guard.hpp"

#include <algorithm>
#include <functional>

namespace tongs::gateway {

namespace {

constexpr std::chrono::seconds kBetweenSweeps{5};

}  // namespace

ReplayGuard::ReplayGuard(std::size_t capacity)
    : shard_capacity_(std::max<std::size_t>(1, capacity / kShards)) {}

Result<void> ReplayGuard::use(std::string_view jti, WallTime until, WallTime now) {
  if (jti.empty()) {
    return Error(Errc::token_malformed, "the token has no jti, without which a replay cannot be told");
  }
  Shard& shard = shards_[(std::hash<std::string_view>{}(jti) >> 32) % kShards];
  const std::lock_guard hold(shard.mutex);
  const auto [place, first] = shard.used.try_emplace(std::string(jti), until);
  if (!first && place->second > now) return Error(Errc::token_replayed, "the token was used before");
  place->second = until;
  if (now >= shard.next_sweep || shard.used.size() > shard_capacity_) {
    boost::unordered::erase_if(shard.used, [&](const auto& entry) { return entry.second <= now; });
    shard.next_sweep = now + kBetweenSweeps;
  }
  if (shard.used.size() <= shard_capacity_) return {};
  shard.used.erase(std::string(jti));
  return Error(Errc::unavailable, "too many tokens live at once to tell replays: raise ingress.replay_tokens")
      .with_retry_after(kBetweenSweeps);
}

}  // namespace tongs::gateway
