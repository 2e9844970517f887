#pragma once
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "vault/oauth_client.hpp"

namespace tongs::vault {

/// OAuth clients by their id. The lock is held for a lookup and a pointer; where a shard of Memory is locked
/// too, that one is locked first. Thread safety: any.
class ClientIndex {
 public:
  /// Null: there is none.
  OAuthClientPtr find(std::string_view id) const {
    const std::lock_guard hold(mutex_);
    const auto found = clients_.find(id);
    return found == clients_.end() ? nullptr : found->second;
  }
  void put(const OAuthClientPtr& client) {
    const std::lock_guard hold(mutex_);
    clients_.insert_or_assign(client->id, client);
  }
  void erase(std::string_view id) {
    const std::lock_guard hold(mutex_);
    const auto found = clients_.find(id);
    if (found != clients_.end()) clients_.erase(found);
  }

 private:
  struct HashOf {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const noexcept { return std::hash<std::string_view>{}(id); }
  };
  mutable std::mutex mutex_;
  std::unordered_map<std::string, OAuthClientPtr, HashOf, std::equal_to<>> clients_;
};

}  // namespace tongs::vault
