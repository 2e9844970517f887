#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tongs {

/// Length of the UTF-8 sequence at the front of `text`, 1 to 4, or 0 if there is none (RFC 3629 3, 4).
/// Precondition: `text` is not empty.
std::size_t utf8_length(std::string_view text) noexcept;

/// Appends one Unicode scalar value as UTF-8. Precondition: no surrogate, at most U+10FFFF.
void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace tongs
