#pragma once
#include <memory>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/fit.hpp>

#include "vault/vault.hpp"

namespace tongs::gateway {

/// Remembers what verified invocations show: the installation, and the system token that came along
/// (the sources `invocation` and `schedule`, DESIGN section 5).
///
/// A token is believed only where Forge itself set its header. An invocation with a user may have been made
/// by a browser, whose script chooses headers, and nothing says that Forge takes a foreign
/// `x-forge-oauth-system` out (contract 1.3.4): its token is left alone. Thread safety: any.
class Capture {
 public:
  explicit Capture(std::shared_ptr<vault::Vault> vault, std::shared_ptr<const Clock> clock = Clock::system())
      : vault_(std::move(vault)), clock_(std::move(clock)) {}

  /// `system_token`: the value of `x-forge-oauth-system`, empty if there was none. True if it is now the
  /// current one.
  bool observe(const VerifiedInvocation& invocation, std::string_view system_token) const;

 private:
  std::shared_ptr<vault::Vault> vault_;
  std::shared_ptr<const Clock> clock_;
};

}  // namespace tongs::gateway
