#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace tongs::detail {

/// What RemoteDetail keeps of a body or of one message.
inline constexpr std::size_t kMaxExcerpt = 512;

/// The front of a peer's text, at most `limit` bytes, safe for a terminal: control characters and bytes that
/// are not UTF-8 as `\n`, `\t` or `\xNN`, and no character cut in half.
std::string excerpt(std::string_view text, std::size_t limit = kMaxExcerpt);

}  // namespace tongs::detail
