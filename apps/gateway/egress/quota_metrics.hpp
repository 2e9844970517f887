#pragma once
#include <array>

#include "common/metrics.hpp"
#include "gateway/egress/place.hpp"
#include "gateway/egress/quota_report.hpp"

namespace tongs::gateway {

/// What Atlassian's answers say of rate limits, by product and never by tenant. Thread safety: any.
class QuotaMetrics {
 public:
  explicit QuotaMetrics(metrics::Registry& registry);
  void note(Api api, int status, const QuotaReport& report) noexcept;
  /// A call was answered by us, because its API is to be left alone.
  void paused(Api api) noexcept { of_[static_cast<std::size_t>(api)].paused->add(); }

 private:
  struct Family {
    metrics::Gauge* left = nullptr;
    metrics::Counter* near_limit = nullptr;
  };
  struct OfApi {
    std::array<metrics::Counter*, kLimitReasons> limited{};
    metrics::Counter* paused = nullptr;
    Family now, announced;
  };
  static void note(const Family& family, const Quota& quota) noexcept;

  std::array<OfApi, kApis> of_;
};

}  // namespace tongs::gateway
