#pragma once
#include <string_view>

namespace tongs::net {

/// `Date: Sun, 06 Nov 1994 08:49:37 GMT` with its line end, for an answer that is made now (RFC 9110 6.6.1).
/// Valid until the next call on this thread.
std::string_view date_line();

/// Do these header lines say when the answer was made?
bool has_date(std::string_view header_lines) noexcept;

}  // namespace tongs::net
