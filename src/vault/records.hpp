#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>
#include <tongs/secret.hpp>

namespace tongs::vault {

/// A product in which an app is installed, as a FIT names it (contract 2.3, `app.installation.contexts[]`).
struct ProductContext {
  std::string name;
  std::string api_base_url;
  std::string cloud_id;
  std::string workspace_id;

  friend bool operator==(const ProductContext&, const ProductContext&) = default;
};

enum class InstallationState : std::uint8_t { installed = 1, uninstalled = 2 };

/// What is known of one installation. Everything in it but the id is sealed at rest.
struct Installation {
  InstallationId id;
  AppId app;
  std::string app_version = {};
  std::string environment_type = {};  ///< `DEVELOPMENT`, `STAGING`, `PRODUCTION`
  std::string environment_id = {};    ///< as the token has it; contract 2.3 knows two forms
  std::vector<ProductContext> contexts = {};
  std::optional<ContextAri> context = {};  ///< where the app is installed (contract 4.3)
  std::string api_base_url = {};
  InstallationState state = InstallationState::installed;
  /// An admin took the consent back. Apart from `state`: no sign of life of the app gives it again.
  bool revoked = false;
  /// No admin has approved it yet, and the configuration wants that (`oauth.offline_access`).
  bool waiting = false;
  std::optional<bool> license_active = {};  ///< absent is not unlicensed (contract 2.3)
  Secret auth_trigger_url = {};             ///< empty: none was ever pushed (contract 5.2)
  WallTime installed_at = {};               ///< when it was first seen installed
  WallTime updated_at = {};

  /// May this installation's tokens be kept and given out?
  bool serves() const noexcept { return state == InstallationState::installed && !revoked && !waiting; }
  /// A second, independent copy, secret included, said aloud.
  Installation duplicate() const;
};

/// Do both say the same, whenever they said it? `updated_at` does not count.
bool same_facts(const Installation& a, const Installation& b) noexcept;

/// Does a verified invocation that showed `seen` tell more than is known? The same as
/// `!same_facts(known, merged(known, seen))`, without a copy.
bool tells_news(const Installation& known, const Installation& seen) noexcept;

/// What is known after a verified invocation showed `seen`. Facts that are absent from `seen` stay as they
/// were; an invocation proves that the app is installed; a revocation stays until an admin lifts it, and
/// an approval once it was given.
/// Precondition: both have one id.
Installation merged(const Installation& known, const Installation& seen);

/// Whether an installation's app may act for one user who is not there. Without a record it may.
struct UserConsent {
  bool revoked = false;
  WallTime changed_at = {};

  friend bool operator==(const UserConsent&, const UserConsent&) = default;
};

/// A token as it was received.
struct Token {
  Secret secret;
  WallTime expires_at;
  WallTime received_at;
};

/// Does `offered` replace what is held (null: nothing)? Only if it is there, lives, and lives longer: Forge
/// caches tokens, so a later delivery can bring the same or an older one (contract 3.2.4).
bool supersedes(const Token* held, const Token& offered, WallTime now) noexcept;

}  // namespace tongs::vault
