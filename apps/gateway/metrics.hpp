#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include <tongs/error.hpp>
#include <tongs/jwks.hpp>

#include "common/metrics.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway {

/// One counter for each reason why something failed.
class FailureCounters {
 public:
  FailureCounters(metrics::Registry& registry, std::string_view name, std::string_view help);
  void add(Errc reason) noexcept { counters_[static_cast<std::size_t>(reason)]->add(); }

 private:
  std::array<metrics::Counter*, static_cast<std::size_t>(Errc::internal) + 1> counters_{};
};

/// What the front door counts.
struct IngressMetrics {
  explicit IngressMetrics(metrics::Registry& registry);

  metrics::Counter& accepted;
  FailureCounters refused;  ///< undecided ones too: the reason tells
  metrics::Histogram& verify_time;
  FailureCounters backend_failures;
};

/// What keys and vault look like; set when they are read.
struct StateMetrics {
  explicit StateMetrics(metrics::Registry& registry);
  void set(const JwksStatus& keys) noexcept;
  void set(const vault::VaultStatus& vault) noexcept;

  metrics::Gauge &keys, &keys_usable, &keys_stale, &keys_age, &key_fetches, &key_failures;
  metrics::Gauge &installations, &unsaved_rows, &vault_failing;
};

/// What the side door counts.
struct EgressMetrics {
  explicit EgressMetrics(metrics::Registry& registry);
  void answered(int status) noexcept { by_class[static_cast<std::size_t>(status / 100)]->add(); }

  std::array<metrics::Counter*, 10> by_class{};  ///< Atlassian's answers by first digit of their status
  FailureCounters refused;
  metrics::Counter& broken;  ///< answers that did not come to their end
};

}  // namespace tongs::gateway
