#pragma once
#include <string_view>

#include "manifest/yaml_tree.hpp"

namespace tongs::manifest::yaml {

/// What a plain scalar without a tag is under the core schema (YAML 1.2.2, 10.3.2). `no`, `on` and `yes` are
/// strings there.
Kind resolve_plain(std::string_view text) noexcept;

/// Whether a scalar of kind boolean says true.
inline bool says_true(std::string_view text) noexcept { return text.front() == 't' || text.front() == 'T'; }

}  // namespace tongs::manifest::yaml
