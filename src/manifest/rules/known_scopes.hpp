#pragma once
#include <span>
#include <string_view>

namespace tongs::manifest::rules {

/// The scopes that `@forge/manifest` 13.7.0 knows, in the order of their names.
std::span<const std::string_view> known_scopes() noexcept;
bool is_known_scope(std::string_view scope) noexcept;

}  // namespace tongs::manifest::rules
