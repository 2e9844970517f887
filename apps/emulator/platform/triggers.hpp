#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "emulator/platform/world.hpp"

namespace tongs::emulator {

inline constexpr std::string_view kInstalledEvent = "avi:forge:installed:app";
inline constexpr std::string_view kUpgradedEvent = "avi:forge:upgraded:app";
inline constexpr std::string_view kUninstalledEvent = "avi:forge:uninstalled:app";

/// Is it called by the platform and not by a user?
bool is_trigger(const Module& module) noexcept;

/// What became of an event at one trigger of one installation.
struct Queued {
  std::string module;                      ///< key of the trigger
  std::string installation;                ///< ARI
  std::variant<DeliveryId, Problem> what;  ///< queued, or why it is not delivered
};

/// Queues an event for every trigger of the installation that listens to it (contract 1.1, way D).
/// `payload`: the members of its body besides `eventType`.
std::vector<Queued> emit_event(World& world, const Installation& installation, const std::string& name,
                               const json::object& payload, Moment now);

/// The body of a lifecycle event, without `eventType` (contract 1.6.9, 7.1).
json::object lifecycle_payload(const World& world, const Installation& installation);

/// Queues a run of a scheduled trigger, or a call of a preUninstall module (contract 1.1, way E).
std::variant<DeliveryId, Problem> run_schedule(World& world, const Installation& installation,
                                               const Module& module, Moment now);
/// Takes up what is left of an event or a scheduled run that an earlier process began: it goes where the
/// manifest says now. One that leads nowhere any more is dropped, which the log says.
void resume(World& world, Delivery begun, Moment now);
std::vector<Queued> run_pre_uninstall(World& world, const Installation& installation, Moment now);

}  // namespace tongs::emulator
