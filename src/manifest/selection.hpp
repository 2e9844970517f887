#pragma once
#include <string_view>

#include <tongs/manifest/check.hpp>

namespace tongs::manifest {

/// Does a word of a selection mean this finding?
bool matches(const Finding& finding, std::string_view word) noexcept;

}  // namespace tongs::manifest
