#include "manifest/diff_match.hpp"

#include <algorithm>
#include <cstddef>

namespace tongs::manifest {

namespace {

/// Gives each remote after that has no partner yet the first free remote before for which `same` holds.
template <class Same>
void pair_up(const std::vector<Remote>& before, std::vector<bool>& taken, std::vector<RemotePair>& pairs,
             Same same) {
  for (RemotePair& pair : pairs) {
    for (std::size_t i = 0; i < before.size() && pair.before == nullptr; ++i) {
      if (taken[i] || !same(before[i], *pair.after)) continue;
      taken[i] = true;
      pair.before = &before[i];
    }
  }
}

}  // namespace

bool same_urls(const Remote& a, const Remote& b) {
  if (!a.base_url || !b.base_url) return !a.base_url && !b.base_url;
  const auto& urls = a.base_url->urls;
  return urls.size() == b.base_url->urls.size() &&
         std::all_of(urls.begin(), urls.end(), [&](const RegionUrl& url) {
           const RegionUrl* other = b.base_url->find(url.region.value);
           return other != nullptr && other->url == url.url;
         });
}

std::vector<RemotePair> match(const std::vector<Remote>& before, const std::vector<Remote>& after) {
  std::vector<RemotePair> pairs;
  for (const Remote& remote : after) pairs.push_back({nullptr, &remote});
  std::vector<bool> taken(before.size(), false);
  pair_up(before, taken, pairs, [](const Remote& a, const Remote& b) {
    return !a.key.value.empty() && a.key.value == b.key.value;
  });
  pair_up(before, taken, pairs,
          [](const Remote& a, const Remote& b) { return a.base_url && same_urls(a, b); });
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!taken[i]) pairs.push_back({&before[i], nullptr});
  }
  return pairs;
}

}  // namespace tongs::manifest
