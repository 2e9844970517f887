#pragma once
#include <span>
#include <string>
#include <string_view>

namespace tongs::manifest {

/// Text of a manifest as it may stand in a message: in single quotes, control characters escaped, at most 60
/// characters long.
std::string quoted(std::string_view text);

/// `a, b or c`.
std::string either(std::span<const std::string_view> words);

}  // namespace tongs::manifest
