#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tongs {

/// RFC 4648 section 5 without padding, as JOSE uses it (RFC 7515 2).
std::string base64url_encode(std::string_view bytes);

/// The bytes, or nothing if the text is not the one canonical encoding of some bytes: padding, foreign
/// characters, an impossible length and unused bits that are not zero are all refused.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace tongs
