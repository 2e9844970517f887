#pragma once
#include <array>
#include <string_view>

#include "common/metrics.hpp"
#include "gateway/sources/source.hpp"

namespace tongs::gateway {

/// By which way a system token reached the gateway.
enum class Origin : std::uint8_t { invocation, schedule, auth_trigger, oauth };
inline constexpr std::array<std::string_view, 4> kOrigins{"invocation", "schedule", "auth-trigger", "oauth"};
inline std::string_view to_string(Origin origin) noexcept {
  return kOrigins[static_cast<std::size_t>(origin)];
}

/// What became of a push at the auth endpoint.
enum class PushEnd : std::uint8_t { taken, refused, not_kept };

/// What is counted of the ways on which tokens come. Thread safety: any.
struct SourceMetrics {
  explicit SourceMetrics(metrics::Registry& registry);

  struct Active {
    metrics::Counter *asked = nullptr, *given = nullptr;
    std::array<metrics::Counter*, kHops.size()> failed{};
  };
  /// Precondition: `source` is one of kOrigins.
  Active& of(std::string_view source) noexcept;
  void came(Origin origin, std::chrono::seconds life) noexcept;
  void pushed(PushEnd end) noexcept { pushes[static_cast<std::size_t>(end)]->add(); }

  std::array<Active, kOrigins.size()> active;
  std::array<metrics::Histogram*, kOrigins.size()> life{};
  std::array<metrics::Counter*, 3> pushes{};
  metrics::Counter &uninstalled_told, &uninstalled_inferred;
};

}  // namespace tongs::gateway
