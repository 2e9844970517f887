#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <tongs/asio.hpp>

#include "vault/vault.hpp"

namespace tongs::gateway {

/// Where on its way to a token a source is, or failed.
enum class Hop : std::uint8_t {
  url,     ///< there is none to call, or it must not be called
  call,    ///< connection, TLS, time, or an answer that broke off
  answer,  ///< what the platform answered
  push,    ///< the platform was to bring the token, and did not
  token,   ///< what was brought is no believable token
  vault,   ///< it could not be kept
};
inline constexpr std::array<std::string_view, 6> kHops{"url", "call", "answer", "push", "token", "vault"};
inline std::string_view to_string(Hop hop) noexcept { return kHops[static_cast<std::size_t>(hop)]; }

/// One question for a token. The source says in it how far it is, for whoever runs out of patience meanwhile.
struct Ask {
  InstallationId installation;
  MonoTime deadline{};
  Hop hop = Hop::url;
  bool sent = false;  ///< did the platform get to see the question?
};

/// Something that can be asked for an installation's system token.
/// Thread safety: none; lives in the broker's reactor.
class ActiveSource {
 public:
  virtual ~ActiveSource() = default;
  /// As in the configuration.
  virtual std::string_view name() const noexcept = 0;
  /// Success: since the question a token of this installation came into the vault, or was found there again.
  /// Errors name what failed; `ask.hop` and `ask.sent` say where.
  virtual Task<Result<void>> ask(std::shared_ptr<Ask> ask) = 0;
};

}  // namespace tongs::gateway
