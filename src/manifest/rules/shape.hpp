#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "manifest/rules/rule.hpp"

namespace tongs::manifest::rules {

using Names = std::span<const std::string_view>;

bool contains(Names names, std::string_view name) noexcept;

/// Reports every key of a map that is not in `known`; `what` as in "unknown property of `what`". Everything
/// but a map is left to other rules.
void report_unknown_properties(yaml::Node map, Names known, std::string_view what, Report& report);

inline bool is_collection(yaml::Node node) noexcept { return node.is_sequence() || node.is_mapping(); }

/// For a key that is a list or a map: most often a placeholder of a template that nobody filled in.
inline constexpr std::string_view kKeyIsCollection =
    "a key is text, not a list or a map: fill in the placeholder, or put '{{…}}' in quotes";

/// `[a-zA-Z0-9_-]+`, what Forge allows in a key.
bool is_key(std::string_view text) noexcept;

/// Characters (code points) of a text that is UTF-8.
std::size_t length_of(std::string_view text) noexcept;

/// ", this is a list": what stands there in place of what should.
std::string instead_of(yaml::Node node);

/// Calls `look(remote)` for every entry of `remotes` that is a map.
template <class Look>
void for_each_remote(const Manifest& manifest, Look look) {
  for (const yaml::Node remote : root_of(manifest)["remotes"].items()) {
    if (remote.is_mapping()) look(remote);
  }
}

}  // namespace tongs::manifest::rules
