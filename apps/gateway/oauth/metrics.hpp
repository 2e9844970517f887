#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "common/metrics.hpp"
#include "gateway/oauth/refusal.hpp"

namespace tongs::gateway::oauth {

/// What a request is about, as far as it got.
enum class Subject : std::uint8_t {
  client_credentials,
  token_exchange,
  jwt_bearer,
  other_grant,
  revocation,
  introspection
};
inline constexpr std::size_t kSubjects = static_cast<std::size_t>(Subject::introspection) + 1;
std::string_view to_string(Subject subject) noexcept;

/// Counts requests by what they were about and what came of them: `tongs_oauth_requests_total`. A series is
/// there from its first request on. Thread safety: none.
class Metrics {
 public:
  /// Precondition: `registry` outlives it.
  explicit Metrics(metrics::Registry& registry) : registry_(registry) {}
  /// `refused`: why; empty: it was not.
  void count(Subject subject, std::optional<Reason> refused);

 private:
  metrics::Registry& registry_;
  std::array<std::array<metrics::Counter*, kReasons + 1>, kSubjects> counters_{};
};

}  // namespace tongs::gateway::oauth
