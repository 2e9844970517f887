#pragma once
#include <vector>

#include <tongs/manifest/manifest.hpp>

namespace tongs::manifest {

/// A remote on both sides. One side is null for a remote that is new or gone.
struct RemotePair {
  const Remote* before = nullptr;
  const Remote* after = nullptr;
};

bool same_urls(const Remote& a, const Remote& b);

/// Pairs remotes by key, then by URL: the remotes after in their order, then those that are gone.
std::vector<RemotePair> match(const std::vector<Remote>& before, const std::vector<Remote>& after);

}  // namespace tongs::manifest
