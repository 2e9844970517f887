#pragma once
#include <string>
#include <string_view>
#include <variant>

#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// RFC-34 (contract 5.2), which Atlassian proposed and never shipped: who calls an installation's trigger has
/// the platform push a system token to the app's auth endpoint. Each push brings the next trigger's URL, and
/// the one that was called is good for nothing once its push was accepted, or the next one was called.

inline constexpr std::string_view kAuthTriggerPath = "/auth-trigger/";

/// The URL that an installation is called by now.
std::string auth_trigger_url(const World& world, const Installation& installation);
/// Gives it one, if it has none.
void give_auth_trigger(World& world, Installation& installation);
/// The URL that its next push brings; not valid instead of the one before until it was accepted.
std::string next_auth_trigger_url(World& world, Installation& installation);
/// The app has that URL now.
void accept_auth_trigger(Installation& installation);
/// Null: no installation has this trigger (any more).
Installation* find_auth_trigger(World& world, std::string_view secret) noexcept;

/// Queues the push of a token to the app's auth endpoint, or says why there is none.
std::variant<DeliveryId, Problem> push_token(World& world, const Installation& installation, Moment now);

}  // namespace tongs::emulator
