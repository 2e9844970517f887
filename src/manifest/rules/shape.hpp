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

/// The longest key that a remote may have.
inline constexpr std::size_t kLongestRemoteKey = 23;
/// The longest key by which one part of the manifest names another.
inline constexpr std::size_t kLongestReference = 255;
/// Is the node text that can be such a key? Forge allows dots in some places.
bool names_a_key(yaml::Node node, bool dots = false) noexcept;

/// What JavaScript takes for true: in many places the official tool looks no further at anything else.
bool is_something(yaml::Node node) noexcept;

/// Characters (code points) of a text that is UTF-8.
std::size_t length_of(std::string_view text) noexcept;

/// ", this is a list": what stands there in place of what should.
std::string instead_of(yaml::Node node);

/// Reports a node that is there, but is no map (list, text, truth value): "`what` is a map…, this is a list".
/// Is it one?
bool is_map(yaml::Node node, std::string_view what, Report& report);
bool is_list(yaml::Node node, std::string_view what, Report& report);
bool is_text(yaml::Node node, std::string_view what, Report& report);
bool is_truth_value(yaml::Node node, std::string_view name, Report& report);

/// Calls `look(remote)` for every entry of `remotes` that is a map.
template <class Look>
void for_each_remote(const Manifest& manifest, Look look) {
  for (const yaml::Node remote : root_of(manifest)["remotes"].items()) {
    if (remote.is_mapping()) look(remote);
  }
}

}  // namespace tongs::manifest::rules
