#pragma once
#include <string_view>

namespace tongs::cli {

/// What happened to a FIT on its way here, by its look, and what to do about it. Empty if it looks whole.
std::string_view damage_of(std::string_view token) noexcept;

}  // namespace tongs::cli
