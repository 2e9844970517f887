#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <tongs/ids.hpp>
#include <tongs/token_manager.hpp>

#include "auth/landing.hpp"
#include "auth/token_cell.hpp"

namespace tongs::detail {

/// What is remembered of one account.
struct Account {
  Account(const AccountId& id, const TokenPolicy& policy) : cell(id, policy) {}
  TokenCell cell;
  std::uint32_t last_used = 0;  ///< a reading of `lru_time`
};

/// Time in steps of a fifteenth of a second, which may wrap: coarse, so that accounts in constant use are not
/// written to at each use, which two cores would feel.
inline std::uint32_t lru_time(MonoTime now) noexcept {
  return static_cast<std::uint32_t>(std::chrono::nanoseconds(now.time_since_epoch()).count() >> 26);
}

/// An account id with its hash, made once per call.
struct AccountKey {
  explicit AccountKey(const AccountId& account) noexcept
      : id(account), hash(std::hash<std::string_view>{}(account.str())) {}
  const AccountId& id;
  std::size_t hash;
};

/// A part of the accounts behind its own lock.
struct alignas(64) AccountShard {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const AccountKey& key) const noexcept { return key.hash; }
    std::size_t operator()(const std::unique_ptr<Account>& account) const noexcept {
      return AccountKey(account->cell.account()).hash;
    }
  };
  struct Same {
    using is_transparent = void;
    static const AccountId& id(const AccountKey& key) noexcept { return key.id; }
    static const AccountId& id(const std::unique_ptr<Account>& account) noexcept {
      return account->cell.account();
    }
    bool operator()(const auto& a, const auto& b) const noexcept { return id(a) == id(b); }
  };

  /// Held for less than it takes to put a thread to sleep and wake it: so waits by trying again for a while.
  std::unique_lock<std::mutex> lock() {
    for (int attempt = 0; attempt < 100; ++attempt) {
      if (mutex.try_lock()) return {mutex, std::adopt_lock};
    }
    return std::unique_lock(mutex);
  }

  std::mutex mutex;
  std::uint64_t hits = 0;
  boost::unordered_flat_set<std::unique_ptr<Account>, Hash, Same> accounts;
  /// Where to join the flight of an account's present generation.
  boost::unordered_flat_map<const Account*, std::shared_ptr<Landing>> landings;
  std::uint64_t fetches = 0;
  std::uint64_t failures = 0;
  std::uint64_t joins = 0;
};

/// The accounts of one manager, found with one hash and one short lock. At most `max_accounts` are kept: when
/// one more comes, the least recently used account of its shard goes (by `lru_time`), unless a fetch for it
/// is under way; so flights alone may exceed the bound. Thread safety: any.
class AccountMap {
 public:
  /// `policy` must outlive the map.
  explicit AccountMap(const TokenPolicy& policy);

  /// `use(shard, account)` under the shard's lock. The account is remembered from now on.
  template <class Use>
  auto visit(const AccountKey& key, MonoTime now, Use use) {
    AccountShard& shard = shard_of(key);
    std::unique_lock hold = shard.lock();
    auto found = shard.accounts.find(key);
    const bool is_new = found == shard.accounts.end();
    if (is_new) {
      found = shard.accounts.insert(std::make_unique<Account>(key.id, policy_)).first;
      size_.fetch_add(1, std::memory_order_relaxed);
    }
    if ((*found)->last_used != lru_time(now)) (*found)->last_used = lru_time(now);
    auto result = use(shard, **found);
    hold.unlock();
    if (is_new) make_room(shard, now);
    return result;
  }

  /// `use(shard, account)` under the shard's lock, if the account is remembered; it is forgotten if nothing
  /// is left of it afterwards.
  template <class Use>
  void visit_known(const AccountKey& key, Use use) {
    AccountShard& shard = shard_of(key);
    const std::lock_guard hold(shard.mutex);
    const auto found = shard.accounts.find(key);
    if (found == shard.accounts.end()) return;
    use(shard, **found);
    if ((*found)->cell.is_blank()) {
      shard.accounts.erase(found);
      size_.fetch_sub(1, std::memory_order_relaxed);
    }
  }

  /// `visit_known` for every account, one shard after the other.
  template <class Use>
  void visit_all(Use use) {
    for (AccountShard& shard : shards_) {
      const std::lock_guard hold(shard.mutex);
      for (const auto& account : shard.accounts) use(shard, *account);
      size_.fetch_sub(erase_if(shard.accounts, [](const auto& account) { return account->cell.is_blank(); }),
                      std::memory_order_relaxed);
    }
  }

  TokenManagerStats stats() const;

 private:
  AccountShard& shard_of(const AccountKey& key) noexcept;
  void make_room(const AccountShard& first, MonoTime now);
  bool forget_oldest(AccountShard& shard, MonoTime now);

  const TokenPolicy& policy_;
  std::atomic<std::size_t> size_{0};
  mutable std::vector<AccountShard> shards_;
};

}  // namespace tongs::detail
