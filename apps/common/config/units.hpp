#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongs::config {

/// A whole number and `ms`, `s`, `m`, `h` or `d`. Nothing if it is not that, or does not fit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// In the largest unit that leaves no rest.
std::string format_duration(std::chrono::milliseconds duration);

/// A whole number and `B`, `KiB`, `MiB`, `GiB` or nothing. Nothing if it is not that, or does not fit.
std::optional<std::int64_t> parse_size(std::string_view text);
/// In the largest unit that leaves no rest.
std::string format_size(std::int64_t bytes);

}  // namespace tongs::config
