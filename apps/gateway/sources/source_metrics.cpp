#include "gateway/sources/source_metrics.hpp"

#include <algorithm>

namespace tongs::gateway {

namespace {

constexpr std::array<double, 7> kLives{60, 300, 1800, 3600, 7200, 10800, 14400};
constexpr std::array<std::string_view, 3> kPushEnds{"taken", "refused", "not_kept"};

metrics::Counter& uninstalled(metrics::Registry& registry, std::string_view how) {
  return registry.counter("tongs_installations_uninstalled_total",
                          "Installations found to be gone, told by Forge or inferred from its refusals.",
                          {{"how", how}});
}

}  // namespace

SourceMetrics::SourceMetrics(metrics::Registry& registry)
    : uninstalled_told(uninstalled(registry, "told")),
      uninstalled_inferred(uninstalled(registry, "inferred")) {
  for (std::size_t i = 0; i < kOrigins.size(); ++i) {
    life[i] = &registry.histogram("tongs_source_token_life_seconds",
                                  "Life that was left of system tokens when they came, by source.", kLives,
                                  {{"source", kOrigins[i]}});
    if (i < static_cast<std::size_t>(Origin::auth_trigger)) continue;  // nobody asks the passive ones
    active[i].asked = &registry.counter(
        "tongs_source_asked_total", "Questions for a system token, by source.", {{"source", kOrigins[i]}});
    active[i].given = &registry.counter("tongs_source_given_total", "Questions that brought one, by source.",
                                        {{"source", kOrigins[i]}});
    for (std::size_t hop = 0; hop < kHops.size(); ++hop) {
      active[i].failed[hop] = &registry.counter("tongs_source_failed_total",
                                                "Questions that did not, by source and by where they failed.",
                                                {{"source", kOrigins[i]}, {"hop", kHops[hop]}});
    }
  }
  for (std::size_t i = 0; i < kPushEnds.size(); ++i) {
    pushes[i] = &registry.counter("tongs_source_pushes_total", "Pushes to the auth endpoint, by their end.",
                                  {{"end", kPushEnds[i]}});
  }
}

SourceMetrics::Active& SourceMetrics::of(std::string_view source) noexcept {
  const auto* const found = std::find(kOrigins.begin(), kOrigins.end(), source);
  return active[static_cast<std::size_t>(found - kOrigins.begin())];
}

void SourceMetrics::came(Origin origin, std::chrono::seconds left) noexcept {
  life[static_cast<std::size_t>(origin)]->observe(static_cast<double>(left.count()));
}

}  // namespace tongs::gateway
