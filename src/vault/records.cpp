#include "vault/records.hpp"

#include <tuple>

namespace tongs::vault {

namespace {

auto facts(const Installation& i) noexcept {
  return std::tie(i.id, i.app, i.app_version, i.environment_type, i.environment_id, i.contexts, i.context,
                  i.api_base_url, i.state, i.revoked, i.waiting, i.license_active, i.auth_trigger_url,
                  i.installed_at);
}

/// Calls `visit` with each member that an invocation may leave out, until it says true; did it?
template <class Visit>
bool any_optional_fact(Visit visit) {
  return visit(&Installation::app_version) || visit(&Installation::environment_type) ||
         visit(&Installation::environment_id) || visit(&Installation::contexts) ||
         visit(&Installation::context) || visit(&Installation::api_base_url) ||
         visit(&Installation::license_active);
}

template <class T>
bool present(const T& fact) {
  return fact != T{};
}

}  // namespace

Installation Installation::duplicate() const {
  return {.id = id,
          .app = app,
          .app_version = app_version,
          .environment_type = environment_type,
          .environment_id = environment_id,
          .contexts = contexts,
          .context = context,
          .api_base_url = api_base_url,
          .state = state,
          .revoked = revoked,
          .waiting = waiting,
          .license_active = license_active,
          .auth_trigger_url = auth_trigger_url.duplicate(),
          .installed_at = installed_at,
          .updated_at = updated_at};
}

bool same_facts(const Installation& a, const Installation& b) noexcept { return facts(a) == facts(b); }

bool tells_news(const Installation& known, const Installation& seen) noexcept {
  return known.state != InstallationState::installed || known.app != seen.app ||
         (!seen.auth_trigger_url.empty() && !(seen.auth_trigger_url == known.auth_trigger_url)) ||
         any_optional_fact([&](auto fact) { return present(seen.*fact) && seen.*fact != known.*fact; });
}

Installation merged(const Installation& known, const Installation& seen) {
  Installation now = known.duplicate();
  now.app = seen.app;
  any_optional_fact([&](auto fact) {
    if (present(seen.*fact)) now.*fact = seen.*fact;
    return false;
  });
  if (!seen.auth_trigger_url.empty()) now.auth_trigger_url = seen.auth_trigger_url.duplicate();
  if (known.state != InstallationState::installed) now.installed_at = seen.installed_at;
  now.state = InstallationState::installed;
  now.updated_at = seen.updated_at;
  return now;
}

bool supersedes(const Token* held, const Token& offered, WallTime now) noexcept {
  if (offered.secret.empty() || offered.expires_at <= now) return false;
  return held == nullptr || offered.expires_at > held->expires_at;
}

}  // namespace tongs::vault
