#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/http.hpp>

#include "emulator/base/members.hpp"
#include "emulator/base/time.hpp"
#include "emulator/platform/app.hpp"
#include "emulator/platform/behaviour.hpp"

namespace tongs::emulator {

/// The ways a remote is called by the platform itself (contract 1.1: A, C, D, E and preUninstall; and 5.2,
/// the token that an auth trigger asked for).
enum class Way : std::uint8_t { ui, function, event, schedule, pre_uninstall, auth_push };
std::string_view to_string(Way way) noexcept;
/// How long the remote may take (contract 1.2).
Millis time_limit(Way way) noexcept;
/// How often a delivery is repeated after it failed.
std::int64_t retries(Way way, const Behaviour& behaviour) noexcept;

/// What is to be delivered: the same in every attempt, but for the tokens and the retry context.
struct Message {
  Way way = Way::ui;
  std::string installation = {};  ///< ARI
  std::string module_type = {};   ///< as the FIT says it
  std::string module_key = {};
  std::string event = {};  ///< name, of an event
  std::string remote = {};
  std::string method = "POST";
  std::string url = {};
  std::vector<Header> headers = {};  ///< of the caller
  /// A body that the platform makes; repetitions add their context to it.
  std::optional<json::value> body = {};
  /// A body that the platform passes on as it is.
  struct Given {
    std::string text;
    bool json = true;
  };
  std::optional<Given> given = {};
  /// The body brings the installation's next `authTriggerUrl`, made anew for each attempt.
  bool auth_body = false;
  /// The body is the little context of a scheduled trigger, whose token is made anew for each attempt.
  bool context_body = false;
  std::string account = {};  ///< the user in session; empty: nobody
  TokenWish tokens = {};
  std::optional<json::object> fit_context = {};
};

/// Adds what everybody is told of a message: the log, and whoever asks for deliveries.
void add_facts(json::object& to, const Message& message);

/// What came of one attempt.
struct Outcome {
  enum class Kind : std::uint8_t { answered, timed_out, unreachable };
  Kind kind = Kind::unreachable;
  HttpResponse response = {};  ///< if answered
  Millis duration{0};
};

/// Did a remote accept an event (contract 1.4.1)? If not, the `retryReason` of the next attempt (1.2.4).
std::optional<std::string_view> retry_reason(const Outcome& outcome) noexcept;

/// What the code that called `invokeRemote` in the browser sees: `status`, `headers` and `body`, or `error`
/// with the platform's words (contract 1.4.3, 1.4.4).
json::object ui_view(const Outcome& outcome);
/// What `invokeRemote` in a function sees: any answer as it is, or `error` (contract 1.4.6).
json::object function_view(const Outcome& outcome);

/// An event's body with the context of its `count`th repetition (contract 1.2.5).
json::value with_retry_context(json::value body, std::int64_t count, std::string_view reason);

}  // namespace tongs::emulator
