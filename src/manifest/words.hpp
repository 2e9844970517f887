#pragma once
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tongs::manifest {

/// Text of a manifest as it may stand in a message: in single quotes, control characters escaped, at most 60
/// characters long.
std::string quoted(std::string_view text);

/// `, did you mean 'x'?` for the nearest candidate, or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

/// `a, b or c`.
std::string either(std::span<const std::string_view> words);

}  // namespace tongs::manifest
