#pragma once
#include <chrono>
#include <string>

#include <tongs/clock.hpp>

namespace tongs::bench {

/// The token of an event or a schedule: every claim that Forge always sends, and no optional one
/// (contract 2.2, 2.3), so that its size is that of the most frequent invocations.
struct EventFit {
  std::string issuer = "forge/invocation-token";
  std::string app_id = "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107";  ///< and `aud`
  std::string installation_id = "ari:cloud:ecosystem::installation/0a3a7799-53ae-4a5b-9e7e-03338980abb5";
  WallTime issued_at{};
  std::chrono::seconds life{};
  std::string jti;

  /// The payload.
  std::string json() const;
};

}  // namespace tongs::bench
