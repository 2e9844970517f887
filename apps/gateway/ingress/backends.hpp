#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "common/metrics.hpp"
#include "common/net/client.hpp"
#include "gateway/ingress/backend_health.hpp"

namespace tongs::gateway {

/// What is known of a backend, and counted of it, by all workers together. Thread safety: any.
class Backend final : public net::ConnectionWatch {
 public:
  /// `name`: its value of the label `backend`. `registry` outlives this.
  Backend(metrics::Registry& registry, std::string name, const HealthPolicy& policy);

  /// See BackendHealth. While all is well, workers share nothing but one atomic load.
  std::optional<std::chrono::milliseconds> pause();
  void answered(int status);
  void timed_out() noexcept { timeouts_.add(); }
  void use(const HealthPolicy& policy);

  void opened() override;
  void closed() noexcept override { closed_.add(); }
  void rested() noexcept override { rested_.add(); }
  void woken() noexcept override { woken_.add(); }
  void failed(net::Steady::time_point began) override;

  /// Brings its gauges up to date.
  void show() noexcept;

 private:
  void lives();

  const std::string name_;
  metrics::Gauge &up_, &open_, &idle_;
  metrics::Counter &connect_failures_, &timeouts_, &spared_;
  std::array<metrics::Counter*, 5> by_class_;  ///< 1xx to 5xx
  metrics::Counter opened_, closed_, rested_, woken_;

  std::mutex mutex_;  ///< for the two below
  HealthPolicy policy_;
  BackendHealth health_;
  std::atomic<bool> sound_{true};  ///< as `health_` is
};

/// All backends that were ever configured: what is under way may still be with an earlier one.
class Backends {
 public:
  explicit Backends(metrics::Registry& registry) : registry_(registry) {}

  /// The same one for the same destination. Lives as long as this. Thread safety: one caller at a time.
  Backend& of(const net::Destination& to, const HealthPolicy& policy);
  /// Brings all gauges up to date. Thread safety: any.
  void show() noexcept;

 private:
  metrics::Registry& registry_;
  std::mutex mutex_;
  std::map<net::Destination, std::unique_ptr<Backend>> all_;
};

}  // namespace tongs::gateway
