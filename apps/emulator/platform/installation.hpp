#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/ids.hpp>

#include "emulator/base/members.hpp"
#include "emulator/base/time.hpp"
#include "emulator/products/site.hpp"

namespace tongs::emulator {

/// Products that the emulator has, in the words of `app.installation.contexts[].name`.
inline constexpr std::string_view kJira = "jira";
inline constexpr std::string_view kConfluence = "confluence";
bool is_product(std::string_view name) noexcept;

/// One installation of the app on a site. Uninstalled ones stay, so that the log and their late tokens can be
/// explained. Thread safety: none.
struct Installation {
  InstallationId id;
  std::string cloud_id;
  std::vector<std::string> products = {};  ///< the first one's context is the installation's own
  std::string installer = {};              ///< account id
  std::string app_version = {};
  std::string environment_type = "DEVELOPMENT";
  std::optional<json::object> license = {};
  std::string ic_label = {};  ///< Isolated Cloud only
  PlatformTime installed_at = {};
  /// Until then the products do not know the app's user yet (contract 7.1.3).
  PlatformTime ready_at = {};
  std::optional<PlatformTime> uninstalled_at = {};
  /// The last segment of its `authTriggerUrl` (contract 5.2); empty: it has none.
  std::string auth_trigger = {};
  std::string next_auth_trigger = {};  ///< what a push brought that may not have been accepted

  bool active() const noexcept { return !uninstalled_at; }
  bool has_product(std::string_view product) const noexcept;
};

/// `ari:cloud:<product>::site/<cloud id>` (contract 4.3).
std::string context_ari(std::string_view product, std::string_view cloud_id);
/// `<origin>/ex/<product>/<cloud id>` (contract 3.4.1).
std::string api_base_url(std::string_view origin, std::string_view product, std::string_view cloud_id);

}  // namespace tongs::emulator
