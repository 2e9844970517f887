#include "manifest/diff_match.hpp"

#include <algorithm>
#include <deque>
#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>

namespace tongs::manifest {

namespace {

/// Something by which a remote is known again; empty: nothing.
using Mark = std::string (*)(const Remote&);

std::string key_of(const Remote& remote) { return remote.key.value; }

std::string urls_of(const Remote& remote) {
  std::vector<std::string> urls;
  if (remote.base_url) {
    for (const RegionUrl& url : remote.base_url->urls)
      urls.push_back(url.region.value + ' ' + url.url + '\n');
  }
  std::sort(urls.begin(), urls.end());
  return std::accumulate(urls.begin(), urls.end(), std::string());
}

/// The same for all that have neither a key nor a URL: only their order tells them apart.
std::string namelessness_of(const Remote& remote) {
  return key_of(remote).empty() && urls_of(remote).empty() ? "nameless" : "";
}

/// Gives each remote after that has no partner yet the first free remote before with the same mark.
void pair_up(std::vector<const Remote*>& free, std::vector<RemotePair>& pairs, Mark mark) {
  std::unordered_map<std::string, std::deque<const Remote**>> by_mark;
  for (const Remote*& remote : free) {
    if (remote == nullptr) continue;
    if (auto own = mark(*remote); !own.empty()) by_mark[std::move(own)].push_back(&remote);
  }
  for (RemotePair& pair : pairs) {
    const auto same = pair.before == nullptr ? by_mark.find(mark(*pair.after)) : by_mark.end();
    if (same == by_mark.end() || same->second.empty()) continue;
    pair.before = std::exchange(*same->second.front(), nullptr);
    same->second.pop_front();
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
  std::vector<const Remote*> free;
  for (const Remote& remote : before) free.push_back(&remote);
  pair_up(free, pairs, key_of);
  pair_up(free, pairs, urls_of);
  pair_up(free, pairs, namelessness_of);
  for (const Remote* gone : free) {
    if (gone != nullptr) pairs.push_back({gone, nullptr});
  }
  return pairs;
}

}  // namespace tongs::manifest
