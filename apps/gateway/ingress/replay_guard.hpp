#pragma once
#include <array>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

#include <tongs/clock.hpp>
#include <tongs/result.hpp>

namespace tongs::gateway {

/// Lets each token in once, by its `jti`, for as long as it could be used again. Exact: nothing is forgotten
/// early, so when there is no room left nothing can be decided. Only verified tokens come here, so a stranger
/// cannot fill it. Without clock or I/O; shared by the workers, thread safety: any.
class ReplayGuard {
 public:
  /// `capacity`: tokens that live at the same time.
  explicit ReplayGuard(std::size_t capacity);

  /// Uses up `jti`, which is good until `until`. Errors: token_replayed, unavailable (no room: nothing can be
  /// decided).
  Result<void> use(std::string_view jti, WallTime until, WallTime now);

 private:
  static constexpr std::size_t kShards = 16;
  struct Shard {
    std::mutex mutex;
    boost::unordered_flat_map<std::string, WallTime> used;
    WallTime next_sweep{};
  };

  const std::size_t shard_capacity_;
  std::array<Shard, kShards> shards_;
};

}  // namespace tongs::gateway
