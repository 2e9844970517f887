#include "gateway/ingress/verdict_cache.hpp"

#include <algorithm>
#include <bit>
#include <functional>

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
    : capacity_(capacity == 0 ? 0 : std::bit_ceil(std::max(capacity, kNeighbours))) {}

std::shared_ptr<const Verdict> VerdictCache::find(std::string_view token) noexcept {
  if (entries_.empty()) return nullptr;
  const std::size_t hash = hash_of(token);
  const auto places = places_of(hash);
  const auto found = std::ranges::find_if(
      places, [&](const Entry& entry) { return entry.hash == hash && entry.token == token; });
  if (found == places.end()) return nullptr;
  found->asked_for = ++uses_;
  return found->verdict;
}

void VerdictCache::remember(std::string_view token, std::shared_ptr<const Verdict> verdict) {
  if (capacity_ == 0 || token.size() > kLongestToken) return;
  if (entries_.empty()) entries_.resize(capacity_);
  const std::size_t hash = hash_of(token);
  const auto places = places_of(hash);
  auto place = std::ranges::find_if(
      places, [&](const Entry& entry) { return entry.hash == hash && entry.token == token; });
  if (place == places.end()) place = std::ranges::min_element(places, {}, &Entry::asked_for);
  place->hash = hash;
  place->asked_for = ++uses_;
  place->token.assign(token);
  place->verdict = std::move(verdict);
}

void VerdictCache::clear() noexcept {
  for (Entry& entry : entries_) {
    entry.asked_for = 0;
    entry.token.clear();
    entry.verdict.reset();
  }
}

std::span<VerdictCache::Entry> VerdictCache::places_of(std::size_t hash) noexcept {
  return std::span(entries_).subspan((hash & (capacity_ / kNeighbours - 1)) * kNeighbours, kNeighbours);
}

}  // namespace tongs::gateway
