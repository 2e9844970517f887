#pragma once
#include <algorithm>
#include <string_view>

namespace tongs::jose {

/// Can `text` be a `kid`? 1 to 256 printable ASCII characters: Forge's own contain `/` (contract 2.1.2), so a
/// `kid` is compared and nothing else, never a path, a header or a line of a log.
inline bool is_key_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 256 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

}  // namespace tongs::jose
