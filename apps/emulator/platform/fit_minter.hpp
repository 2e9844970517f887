#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/result.hpp>

#include "emulator/base/random.hpp"
#include "emulator/base/time.hpp"
#include "emulator/platform/app.hpp"
#include "emulator/platform/behaviour.hpp"
#include "emulator/platform/installation.hpp"
#include "emulator/platform/key_ring.hpp"

namespace tongs::emulator {

/// A FIT that no verifier may accept, made on request (contract 14).
enum class FitFlaw : std::uint8_t {
  none,
  expired,        ///< ended a minute ago
  not_yet_valid,  ///< starts in ten minutes
  wrong_audience,
  wrong_issuer,
  wrong_signature,  ///< one bit of it changed
  unknown_key,      ///< signed by a key that is published nowhere
  no_signature,     ///< `alg` is `none`
};
std::optional<FitFlaw> parse_fit_flaw(std::string_view text) noexcept;

/// What one FIT is about.
struct FitSubject {
  const App& app;
  const Installation& installation;
  const Site& site;
  std::string_view module_type;
  std::string_view module_key;
  /// Account id of the user in a UI; empty: nobody takes part.
  std::string_view account = {};
  /// `context`; null: the FIT has none.
  const json::object* context = nullptr;
};

/// A FIT lives this long (contract 2.2).
inline constexpr std::chrono::seconds kFitLife{25};

/// The claims of contract 2.2, 2.3 and 13.1. `origin`: scheme and authority of this emulator. Times are the
/// machine's, because a remote compares them with its own clock.
json::object fit_claims(const FitSubject& subject, const std::string& environment_id, std::string_view origin,
                        const Behaviour& behaviour, Random& random, RealTime now);

/// The signed token. Errors: internal.
Result<std::string> sign_fit(json::object claims, const KeyRing& keys, FitFlaw flaw, Random& random);

/// The `contextToken` in the bodies of scheduled triggers and preUninstall (contract 1.6.14).
json::object context_token_claims(const FitSubject& subject, const std::string& environment_id,
                                  Random& random, RealTime now);

}  // namespace tongs::emulator
