#pragma once
#include <memory>
#include <vector>

#include "gateway/config.hpp"
#include "gateway/sources/arrivals.hpp"
#include "gateway/sources/intake.hpp"
#include "gateway/sources/source.hpp"

namespace tongs::gateway {

/// What the configuration means for those who take tokens in.
CaptureRules capture_rules(const SourcesConfig& config);
IntakeRules intake_rules(const SourcesConfig& config);

/// The sources that are asked, in their order. `auth-trigger` is one only with an auth endpoint: without it,
/// no answer could come. Errors: those of reading the secret's file.
Result<std::vector<std::unique_ptr<ActiveSource>>> active_sources(
    net::Reactor& reactor, const SourcesConfig& config, const std::shared_ptr<vault::Vault>& vault,
    const std::shared_ptr<AsyncTransport>& transport, Arrivals& arrivals, SourceMetrics& metrics);

}  // namespace tongs::gateway
