#pragma once
#include <cstdint>
#include <string>

#include "emulator/base/members.hpp"
#include "emulator/base/time.hpp"

namespace tongs::emulator {

/// What the documentation leaves open or contradicts itself about (contract 11 and 12), as switches, so that
/// an app can be tried against either reading. The defaults are the likelier ones.
struct Behaviour {
  /// Event bodies: `flat`, or everything inside `payload` (contract 1.6.8).
  bool wrapped_events = false;
  /// Whose `auth` says which tokens an endpoint gets: the endpoint's, or its remote's (contract 1.1.1).
  bool auth_from_remote = false;
  /// `app.environment.id` with the app's UUID in it, or without (contract 2.3).
  bool long_environment_ari = true;
  /// A FIT of a function call has a `context` with `cloudId` (contract 1.6.7).
  bool function_context = false;
  /// How a path joins a base URL: appended to its path, or resolved as WHATWG says (contract 1.6.2).
  bool resolve_paths = false;
  /// `x-forge-oauth-*` that a caller of a UI invocation supplies reaches the remote (contract 12.7).
  bool pass_caller_tokens = false;
  /// Send `avi:forge:uninstalled:app`, which is not documented (contract 3.5.3).
  bool uninstalled_event = false;
  /// An auth trigger answers at once, before the token was pushed (contract 5.2.7 says: after it).
  bool auth_trigger_at_once = false;
  /// Deliveries of an event after the first one failed (contract 1.2.3).
  std::int64_t event_retries = 4;
  /// The same for a scheduled trigger (contract 1.2.7).
  std::int64_t schedule_retries = 0;
  Millis retry_delay = std::chrono::seconds(60);
  /// Life of a freshly minted system or user token (contract 3.2).
  Millis token_life = std::chrono::hours(4);
  /// A direct delivery carries a token with at least this much left (contract 3.2).
  Millis token_minimum = std::chrono::hours(2);
  /// `ttl` of an offline user token (contract 4.2.6).
  Millis offline_token_life = std::chrono::hours(1);
  /// Calls of offlineUserAuthToken per minute and app (contract 1.5).
  std::int64_t offline_rate_limit = 1000;
};

/// Takes every switch that is named; the others stay.
void read_behaviour(Members& members, Behaviour& behaviour);
json::object to_json(const Behaviour& behaviour);

}  // namespace tongs::emulator
