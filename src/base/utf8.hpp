#pragma once
#include <cstddef>
#include <string_view>

namespace tongs {

/// Length of the UTF-8 sequence at the front of `text`, which is not empty; 0 if there is none (RFC 3629 3,
/// 4).
std::size_t utf8_length(std::string_view text) noexcept;

}  // namespace tongs
