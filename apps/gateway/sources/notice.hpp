#pragma once
#include <string>
#include <string_view>

#include <tongs/fit.hpp>
#include <tongs/result.hpp>
#include <tongs/secret.hpp>

namespace tongs::gateway {

/// What the body of a call of Forge's own tells the gateway itself.
struct Notice {
  std::string event = {};        ///< `eventType`; empty: it is no event
  Secret auth_trigger_url = {};  ///< empty: it brings none
  bool misplaced = false;        ///< it names another installation than the token proves
};

/// Larger bodies of Forge's own calls tell the gateway nothing.
inline constexpr std::size_t kMaxNotice = std::size_t{64} * 1024;

/// Reads an event (flat, or in `payload`: contract 1.6.8) or the body of a push. `proven` by the token that
/// came along. Errors: malformed_response (no JSON object). An empty body is an empty notice.
Result<Notice> read_notice(std::string_view body, const InstallationId& proven);

/// Does the token prove an event's trigger? Function code of the app can make up a body, but not the
/// `context` with the module's key, which the platform puts into the token (contract 1.1, 1.6.6).
bool is_trigger_call(const VerifiedInvocation& invocation);

}  // namespace tongs::gateway
