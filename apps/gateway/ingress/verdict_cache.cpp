#include "gateway/ingress/verdict_cache.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <span>

namespace tongs::gateway {

namespace {

/// A token may be in one of so many places, next to each other.
constexpr std::size_t kNeighbours = 4;
/// Longer tokens are not worth their room.
constexpr std::size_t kLongestToken = 8 * 1024;

/// The end of a token is the end of its signature: as good as random, and quick to hash. Made-up tokens with
/// the same end meet the comparison of the whole.
std::size_t hash_of(std::string_view token) noexcept {
  constexpr std::size_t end = 32;
  return std::hash<std::string_view>{}(token.substr(token.size() - std::min(end, token.size())));
}

}  // namespace

VerdictCache::VerdictCache(std::size_t capacity)
    : entries_(capacity == 0 ? 0 : std::bit_ceil(std::max(capacity, kNeighbours))) {}

std::shared_ptr<const Verdict> VerdictCache::find(std::string_view token) const noexcept {
  if (entries_.empty()) return nullptr;
  const std::size_t hash = hash_of(token);
  const std::span places(&entries_[first_place(hash)], kNeighbours);
  const auto found = std::ranges::find_if(
      places, [&](const Entry& entry) { return entry.hash == hash && entry.token == token; });
  return found == places.end() ? nullptr : found->verdict;
}

void VerdictCache::remember(std::string_view token, std::shared_ptr<const Verdict> verdict) {
  if (entries_.empty() || token.size() > kLongestToken) return;
  const std::size_t hash = hash_of(token);
  const std::span places(&entries_[first_place(hash)], kNeighbours);
  auto place = std::ranges::find_if(
      places, [&](const Entry& entry) { return entry.hash == hash && entry.token == token; });
  if (place == places.end()) {
    place = std::ranges::min_element(places, {}, [](const Entry& entry) {
      return entry.verdict ? entry.verdict->invocation.expires_at() : WallTime::min();
    });
  }
  place->hash = hash;
  place->token.assign(token);
  place->verdict = std::move(verdict);
}

void VerdictCache::clear() noexcept {
  for (Entry& entry : entries_) {
    entry.token.clear();
    entry.verdict.reset();
  }
}

std::size_t VerdictCache::first_place(std::size_t hash) const noexcept {
  return (hash & (entries_.size() / kNeighbours - 1)) * kNeighbours;
}

}  // namespace tongs::gateway
