#include "gateway/egress/quota_metrics.hpp"

#include <cstdint>
#include <limits>

namespace tongs::gateway {

QuotaMetrics::QuotaMetrics(metrics::Registry& registry) {
  const auto family = [&](std::string_view product, std::string_view name) {
    Family made;
    made.left = &registry.gauge("tongs_egress_quota_left_ratio",
                                "The smallest share of a quota left, as the last answer that named one said.",
                                {{"product", product}, {"family", name}});
    made.left->set(std::numeric_limits<double>::quiet_NaN());
    made.near_limit =
        &registry.counter("tongs_egress_near_limit_total", "Answers that said a quota is nearly used up.",
                          {{"product", product}, {"family", name}});
    return made;
  };
  for (std::size_t i = 0; i < kApis; ++i) {
    const std::string_view product = to_string(static_cast<Api>(i));
    for (std::size_t j = 0; j < kLimitReasons; ++j) {
      of_[i].limited[j] = &registry.counter(
          "tongs_egress_rate_limited_total", "Answers of Atlassian with status 429, by what limit was met.",
          {{"product", product}, {"reason", to_string(static_cast<LimitReason>(j))}});
    }
    of_[i].paused = &registry.counter(
        "tongs_egress_paused_total", "Calls that we answered ourselves, because Atlassian had asked to wait.",
        {{"product", product}});
    of_[i].now = family(product, "enforced");
    of_[i].announced = family(product, "beta");
  }
}

void QuotaMetrics::note(Api api, int status, const QuotaReport& report) noexcept {
  const OfApi& of = of_[static_cast<std::size_t>(api)];
  if (status == 429) of.limited[static_cast<std::size_t>(report.reason)]->add();
  note(of.now, report.now);
  note(of.announced, report.announced);
}

void QuotaMetrics::note(const Family& family, const Quota& quota) noexcept {
  if (quota.left) family.left->set(*quota.left);
  if (quota.near_limit) family.near_limit->add();
}

}  // namespace tongs::gateway
