#pragma once
#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tongs/ids.hpp>

#include "vault/oauth_client.hpp"
#include "vault/records.hpp"
#include "vault/rejections.hpp"

namespace tongs::vault {

using InstallationPtr = std::shared_ptr<const Installation>;
using TokenPtr = std::shared_ptr<const Token>;
using ConsentPtr = std::shared_ptr<const UserConsent>;

/// All that the vault holds of one installation. What the pointers lead to never changes.
struct Entry {
  InstallationPtr installation;
  TokenPtr system_token;
  std::unordered_map<AccountId, TokenPtr> user_tokens;
  std::unordered_map<AccountId, ConsentPtr> consents;
  std::map<std::string, OAuthClientPtr> clients;  ///< by their id
  Rejections rejected;                            ///< system tokens; they end with the process
  /// The record is on disk but did not open. Nothing is given out and nothing is learnt from invocations
  /// until an admin puts it again: it may have been revoked.
  bool damaged = false;

  bool revoked_for(const AccountId& account) const {
    const auto consent = consents.find(account);
    return consent != consents.end() && consent->second->revoked;
  }
  /// Must a walk over all installations meet it? A damaged one may still have clients.
  bool listed() const noexcept { return installation != nullptr || !clients.empty(); }
  bool empty() const noexcept {
    return !listed() && !system_token && user_tokens.empty() && consents.empty() && !damaged;
  }
};

/// The read path: installations by id in shards, so that a reader meets a writer seldom and never for longer
/// than a few pointers take; and their ids in order, for paging. Thread safety: any.
class Memory {
 public:
  /// `look(const Entry*)`, null if there is none, while its shard is locked.
  template <class F>
  auto read(const InstallationId& id, F&& look) const {
    const Hashed wanted(id);
    const Shard& shard = shards_[wanted.shard()];
    const std::lock_guard hold(shard.mutex);
    const auto found = shard.entries.find(wanted);
    return std::forward<F>(look)(found == shard.entries.end() ? nullptr : &found->second);
  }

  /// `change(Entry&)` while its shard is locked. An entry that is not there is made; one that is empty
  /// afterwards goes.
  template <class F>
  auto edit(const InstallationId& id, F&& change) {
    const Hashed wanted(id);
    Shard& shard = shards_[wanted.shard()];
    const std::lock_guard hold(shard.mutex);
    auto entry = shard.entries.find(wanted);
    if (entry == shard.entries.end()) entry = shard.entries.try_emplace(Name{id, wanted.hash}).first;
    const Settle settle{*this, shard, entry, entry->second.listed()};
    return std::forward<F>(change)(entry->second);
  }

  /// `change(id, Entry&)` for each entry, one shard locked after the other.
  template <class F>
  void edit_all(F&& change) {
    for (Shard& shard : shards_) {
      const std::lock_guard hold(shard.mutex);
      for (auto entry = shard.entries.begin(); entry != shard.entries.end();) {
        const auto next = std::next(entry);
        const Settle settle{*this, shard, entry, entry->second.listed()};
        change(entry->first.id, entry->second);
        entry = next;
      }
    }
  }

  /// At most `limit` ids of installations in order, from the first one after `after` on.
  std::vector<InstallationId> ids_after(const std::optional<InstallationId>& after, std::size_t limit) const;
  std::size_t size() const;

 private:
  /// An id is hashed once for each call: the middle bits choose the shard, the map uses the rest.
  struct Hashed {
    explicit Hashed(const InstallationId& wanted) noexcept
        : id(wanted), hash(std::hash<std::string_view>{}(wanted.bare())) {}
    std::size_t shard() const noexcept { return (hash >> 24) % kShards; }
    const InstallationId& id;
    std::size_t hash;
  };
  struct Name {
    InstallationId id;
    std::size_t hash;
  };
  struct HashOf {
    using is_transparent = void;
    std::size_t operator()(const Hashed& wanted) const noexcept { return wanted.hash; }
    std::size_t operator()(const Name& name) const noexcept { return name.hash; }
  };
  struct SameId {
    using is_transparent = void;
    bool operator()(const Name& a, const Name& b) const noexcept { return a.id == b.id; }
    bool operator()(const Hashed& a, const Name& b) const noexcept { return a.id == b.id; }
    bool operator()(const Name& a, const Hashed& b) const noexcept { return a.id == b.id; }
  };
  using Entries = std::unordered_map<Name, Entry, HashOf, SameId>;
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    Entries entries;
  };

  /// Brings the ordered ids in line with an entry that was edited, and removes it if it is empty.
  struct Settle {
    Memory& memory;
    Shard& shard;
    Entries::iterator entry;
    bool was_listed;
    ~Settle() { memory.settle(shard, entry, was_listed); }
  };
  void settle(Shard& shard, Entries::iterator entry, bool was_listed);

  static constexpr std::size_t kShards = 64;
  std::array<Shard, kShards> shards_;
  mutable std::mutex ids_mutex_;  // taken while a shard is locked, never the other way round
  std::set<InstallationId> ids_;
};

}  // namespace tongs::vault
