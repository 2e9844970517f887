#include "emulator/platform/directory.hpp"

#include <algorithm>
#include <utility>

#include "emulator/products/site_json.hpp"

namespace tongs::emulator {

namespace {

template <class Items, class Predicate>
auto find_in(Items& items, Predicate predicate) -> decltype(&items.front()) {
  const auto found = std::find_if(items.begin(), items.end(), predicate);
  return found == items.end() ? nullptr : &*found;
}

bool is_meant(const Site& site, std::string_view text) noexcept {
  return site.name == text || site.cloud_id == text || site.url == text;
}

}  // namespace

const Site* Directory::find_cloud(std::string_view cloud_id) const noexcept {
  return find_in(sites_, [&](const Site& site) { return site.cloud_id == cloud_id; });
}
Site* Directory::find_cloud(std::string_view cloud_id) noexcept {
  return find_in(sites_, [&](const Site& site) { return site.cloud_id == cloud_id; });
}

const Site* Directory::find_site(std::string_view text) const noexcept {
  return find_in(sites_, [&](const Site& site) { return is_meant(site, text); });
}
Site* Directory::find_site(std::string_view text) noexcept {
  return find_in(sites_, [&](const Site& site) { return is_meant(site, text); });
}

const Installation* Directory::find(std::string_view id) const noexcept {
  return find_in(installations_,
                 [&](const Installation& one) { return one.id.str() == id || one.id.bare() == id; });
}
Installation* Directory::find(std::string_view id) noexcept {
  return find_in(installations_,
                 [&](const Installation& one) { return one.id.str() == id || one.id.bare() == id; });
}

std::vector<const Installation*> Directory::active() const {
  std::vector<const Installation*> all;
  for (const auto& one : installations_) {
    if (one.active()) all.push_back(&one);
  }
  return all;
}

const Installation* Directory::active_on(std::string_view cloud_id) const noexcept {
  return find_in(installations_,
                 [&](const Installation& one) { return one.active() && one.cloud_id == cloud_id; });
}

Problem Directory::check(const InstallWish& wish) const {
  if (!wish.site.empty() && find_site(wish.site) == nullptr && !is_site_name(wish.site)) {
    return {
        "must be the name, cloud id or URL of a site; a new one is named in lower-case letters, digits and -",
        "/site"};
  }
  if (!std::all_of(wish.products.begin(), wish.products.end(), is_product)) {
    return {"may hold jira and confluence", "/products"};
  }
  if (!wish.installer.empty() && !AccountId::parse(wish.installer)) {
    return {"must be an account id", "/installer"};
  }
  return {};
}

Site& Directory::choose_site(const InstallWish& wish, PlatformTime now) {
  if (!wish.site.empty()) {
    Site* known = find_site(wish.site);
    return known != nullptr ? *known : sites_.emplace_back(demo_site(wish.site, now));
  }
  for (auto& site : sites_) {
    if (active_on(site.cloud_id) == nullptr) return site;
  }
  std::size_t number = sites_.size() + 1;
  while (find_site("site-" + std::to_string(number)) != nullptr) ++number;
  return sites_.emplace_back(demo_site("site-" + std::to_string(number), now));
}

std::variant<Installation*, InstallRefusal> Directory::install(const InstallWish& wish, const App& app,
                                                               Random& random, PlatformTime now) {
  if (Problem problem = check(wish)) return InstallRefusal{std::move(problem)};
  Site& site = choose_site(wish, now);
  if (const Installation* there = active_on(site.cloud_id)) {
    return InstallRefusal{{"the app is installed on this site already, as " + std::string(there->id.bare()) +
                               "; uninstall that first, or name another site",
                           "/site"},
                          true};
  }
  Installation made{.id = *InstallationId::parse(random_uuid(random)), .cloud_id = site.cloud_id};
  made.products =
      wish.products.empty() ? std::vector{std::string(kJira), std::string(kConfluence)} : wish.products;
  made.installer = !wish.installer.empty() ? wish.installer
                   : site.users.empty()    ? std::string(kDemoAdmin)
                                           : site.users.front().account_id;
  site.ensure_user(made.installer);
  site.ensure_user(app_account(app), UserKind::app);
  made.app_version = app.version;
  if (!wish.environment_type.empty()) made.environment_type = wish.environment_type;
  made.license = wish.license;
  made.ic_label = wish.ic_label;
  made.installed_at = now;
  made.ready_at = now + wish.ready_after;
  return &installations_.emplace_back(std::move(made));
}

std::string app_account(const App& app) { return "557058:" + uuid_of("app user of " + app.id.str()); }

}  // namespace tongs::emulator
