#include "auth/account_map.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace tongs::detail {

namespace {

constexpr std::size_t kMostShards = 64;
/// Fewer in a shard, and the oldest of the shard says little about the oldest of all.
constexpr std::size_t kLeastPerShard = 64;

std::size_t shards_for(std::size_t max_accounts) noexcept {
  return std::bit_floor(std::clamp<std::size_t>(max_accounts / kLeastPerShard, 1, kMostShards));
}

}  // namespace

AccountMap::AccountMap(const TokenPolicy& policy)
    : policy_(policy), shards_(shards_for(policy.max_accounts)) {}

/// By middle bits of the hash: the set uses its top bits for its groups.
AccountShard& AccountMap::shard_of(const AccountKey& key) noexcept {
  return shards_[(key.hash >> 24) & (shards_.size() - 1)];
}

void AccountMap::make_room(const AccountShard& first, MonoTime now) {
  const auto start = static_cast<std::size_t>(&first - shards_.data());
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    AccountShard& shard = shards_[(start + i) % shards_.size()];
    while (size_.load(std::memory_order_relaxed) > policy_.max_accounts) {
      if (!forget_oldest(shard, now)) break;
    }
  }
}

/// False if every account of the shard has a flight.
bool AccountMap::forget_oldest(AccountShard& shard, MonoTime now) {
  const std::lock_guard hold(shard.mutex);
  auto candidate = shard.accounts.end();
  auto age = std::numeric_limits<std::int32_t>::min();
  for (auto it = shard.accounts.begin(); it != shard.accounts.end(); ++it) {
    const auto unused_for = static_cast<std::int32_t>(lru_time(now) - (*it)->last_used);
    if (unused_for < age || (*it)->cell.has_flights()) continue;
    candidate = it;
    age = unused_for;
  }
  if (candidate == shard.accounts.end()) return false;
  shard.accounts.erase(candidate);
  size_.fetch_sub(1, std::memory_order_relaxed);
  return true;
}

TokenManagerStats AccountMap::stats() const {
  TokenManagerStats sum;
  for (AccountShard& shard : shards_) {
    const std::lock_guard hold(shard.mutex);
    sum.hits += shard.hits;
    sum.fetches += shard.fetches;
    sum.failures += shard.failures;
    sum.joins += shard.joins;
    sum.accounts += shard.accounts.size();
  }
  return sum;
}

}  // namespace tongs::detail
