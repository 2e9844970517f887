#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "emulator/base/random.hpp"
#include "emulator/platform/app.hpp"
#include "emulator/platform/installation.hpp"
#include "emulator/products/site.hpp"

namespace tongs::emulator {

/// What an admin asks for when he installs the app. Empty members: the platform chooses.
struct InstallWish {
  std::string site;  ///< name, cloud id or URL; an unknown name becomes a new site
  std::vector<std::string> products;
  std::string installer;
  std::string environment_type;
  std::optional<json::object> license;
  std::string ic_label;
  Millis ready_after{0};
};

/// Why the app was not installed.
struct InstallRefusal {
  Problem problem;
  bool conflict = false;  ///< the app is on that site already
};

/// The sites and who has the app where. References stay valid: nothing is ever removed.
/// Thread safety: none.
class Directory {
 public:
  std::deque<Site>& sites() noexcept { return sites_; }
  const std::deque<Site>& sites() const noexcept { return sites_; }
  const std::deque<Installation>& installations() const noexcept { return installations_; }

  Site* find_cloud(std::string_view cloud_id) noexcept;
  const Site* find_cloud(std::string_view cloud_id) const noexcept;
  /// As people name one.
  Site* find_site(std::string_view name_cloud_id_or_url) noexcept;
  const Site* find_site(std::string_view name_cloud_id_or_url) const noexcept;
  /// By ARI or bare UUID, uninstalled ones too.
  Installation* find(std::string_view id) noexcept;
  const Installation* find(std::string_view id) const noexcept;
  std::vector<const Installation*> active() const;

  void add_site(Site site) { sites_.push_back(std::move(site)); }
  void add(Installation installation) { installations_.push_back(std::move(installation)); }

  /// A new installation with a new id, also where there was one before (contract 2.3.4). Without a site: the
  /// first that has none, else a new one.
  std::variant<Installation*, InstallRefusal> install(const InstallWish& wish, const App& app, Random& random,
                                                      PlatformTime now);

 private:
  Problem check(const InstallWish& wish) const;
  Site& choose_site(const InstallWish& wish, PlatformTime now);
  const Installation* active_on(std::string_view cloud_id) const noexcept;

  std::deque<Site> sites_;
  std::deque<Installation> installations_;
};

/// The account of the app's own user, the same on every site.
std::string app_account(const App& app);

}  // namespace tongs::emulator
