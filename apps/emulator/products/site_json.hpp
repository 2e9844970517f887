#pragma once
#include <string_view>
#include <vector>

#include "emulator/base/members.hpp"
#include "emulator/base/time.hpp"
#include "emulator/products/site.hpp"

namespace tongs::emulator {

/// A site as a seed describes it and as the state keeps it. What a seed leaves out is filled in: ids, keys,
/// cloud id and URL from the name, times from `now`. Unknown accounts, and ids that stand twice, are
/// problems.
Site read_site(Members& members, PlatformTime now);
/// Reads back as the same site.
json::object to_json(const Site& site);

/// The site that is there without a seed, and as whose copies further sites are made: two projects (one of
/// them private), a space, an administrator and three people.
Site demo_site(std::string_view name, PlatformTime now);

/// The account ids of the demo site.
inline constexpr std::string_view kDemoAdmin = "557058:11111111-2222-4333-8444-555555555555";
inline constexpr std::string_view kDemoUser = "655362:312d3308-8954-42b0-aa38-771a10c88656";

}  // namespace tongs::emulator
