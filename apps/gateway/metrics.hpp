#pragma once
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/jwks.hpp>

#include "common/metrics.hpp"
#include "common/net/tls.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway {

/// One counter for each reason why something failed. Thread safety: any.
class ReasonCounters {
 public:
  /// `usual` ones are shown from the start, any other once it is met. All texts are literals, `registry`
  /// outlives this.
  ReasonCounters(metrics::Registry& registry, std::string_view name, std::string_view help,
                 std::initializer_list<std::string_view> usual);
  /// `reason`: one of few static words.
  void add(std::string_view reason);

 private:
  metrics::Counter& counter(std::string_view reason) const;

  metrics::Registry& registry_;
  const std::string_view name_, help_;
  std::vector<std::pair<std::string_view, metrics::Counter*>> usual_;
};

/// What the front door counts.
struct IngressMetrics {
  explicit IngressMetrics(metrics::Registry& registry);

  /// When the certificate ends, if there is one.
  void show_certificate(const net::TlsContext& tls);

  metrics::Counter& accepted;
  ReasonCounters refused;  ///< undecided ones too: the reason tells
  ReasonCounters refused_connections;
  metrics::Histogram& verify_time;
  ReasonCounters backend_failures;

 private:
  metrics::Registry& registry_;
  metrics::Gauge* certificate_end_ = nullptr;  ///< there is none before there was a certificate
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
  ReasonCounters refused;
  metrics::Counter& broken;  ///< answers that did not come to their end
};

}  // namespace tongs::gateway
