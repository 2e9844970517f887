#include "emulator/platform/scope_rules.hpp"

#include <algorithm>

namespace tongs::emulator {

namespace {

bool has_other_scope(const App& app) noexcept {
  return std::any_of(app.scopes.begin(), app.scopes.end(), [](const Scope& scope) {
    return scope.name != kSystemTokenScope && scope.name != kUserTokenScope;
  });
}

constexpr std::string_view kNothingElse =
    "the manifest has no scope besides those for tokens; add the scopes of the APIs that the app calls";

}  // namespace

std::optional<std::string_view> system_token_withheld(const App& app) noexcept {
  if (!app.has_scope(kSystemTokenScope)) return "the manifest lacks the scope read:app-system-token";
  if (!has_other_scope(app)) return kNothingElse;
  return std::nullopt;
}

std::optional<std::string_view> user_token_withheld(const App& app) noexcept {
  if (!app.has_scope(kUserTokenScope)) return "the manifest lacks the scope read:app-user-token";
  if (!has_other_scope(app)) return kNothingElse;
  return std::nullopt;
}

}  // namespace tongs::emulator
