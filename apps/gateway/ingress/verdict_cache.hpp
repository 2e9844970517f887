#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/fit.hpp>

#include "gateway/ingress/key_hub.hpp"

namespace tongs::gateway {

/// A verified token, and what the backend is told of it.
struct Verdict {
  VerifiedInvocation invocation;
  std::string header_lines;  ///< `Forge-*`
  KeyState keys;             ///< the verdict holds while these are believed
};

/// Tokens that were verified a moment ago: Forge sends the same one with several requests. Only a token that
/// is equal byte for byte meets its verdict again; whether that still holds is for the caller to say.
/// Bounded: a token takes the place of the neighbour that was not asked for the longest, so tokens that come
/// again stay while many pass that do not. One per worker, thread safety: none.
class VerdictCache {
 public:
  /// Holds at most `capacity` tokens, rounded up to a power of two; 0: none.
  explicit VerdictCache(std::size_t capacity);

  /// Null: never seen, or forgotten.
  std::shared_ptr<const Verdict> find(std::string_view token) noexcept;
  void remember(std::string_view token, std::shared_ptr<const Verdict> verdict);
  void clear() noexcept;

 private:
  struct Entry {
    std::size_t hash = 0;         ///< of the token: most tokens begin alike, so comparing them costs
    std::uint64_t asked_for = 0;  ///< when, counted in uses of the cache; 0: never
    std::string token;
    std::shared_ptr<const Verdict> verdict;
  };

  /// Where a token of this hash may be.
  std::span<Entry> places_of(std::size_t hash) noexcept;

  std::size_t capacity_;
  std::vector<Entry> entries_;  ///< none until the first token comes
  std::uint64_t uses_ = 0;
};

}  // namespace tongs::gateway
