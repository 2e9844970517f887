#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include <tongs/result.hpp>

namespace tongs::cli {

/// The content of a file, or of standard input for `-`, up to `max_bytes` + 1 bytes of it.
/// Errors: invalid_argument (no such file, a directory, not allowed), with a message that does not name it.
Result<std::string> read_input(const std::string& file, std::size_t max_bytes);

/// Is this the URL of something rather than a file?
bool is_url(std::string_view text) noexcept;

}  // namespace tongs::cli
