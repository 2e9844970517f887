#pragma once
#include <string_view>
#include <vector>

#include <tongs/http.hpp>
#include <tongs/result.hpp>

namespace tongs::detail {

/// A token of RFC 9110 5.6.2: what a field name and a method are made of.
bool is_token(std::string_view text) noexcept;

/// May stand after the colon (RFC 9110 5.5): no line break, no NUL, no other control character but tab.
bool is_field_value(std::string_view text) noexcept;

/// Do two field names become one variable in a server? Some read `_` as `-` (CGI and its heirs), so a name
/// that must not come from strangers has to be known in both spellings; and so it is by the functions below.
bool same_variable(std::string_view a, std::string_view b) noexcept;

/// Belongs to one connection and is never passed on (RFC 9110 7.6.1).
bool is_hop_by_hop(std::string_view name) noexcept;

/// Set by transports alone: `host`, `expect`, the length of the body, and all hop-by-hop fields.
bool is_framing(std::string_view name) noexcept;

/// Set by adapters and transports alone: framing, and the credential of a call.
bool is_reserved(std::string_view name) noexcept;

/// Its value is a credential wherever it stands.
bool carries_credential(std::string_view name) noexcept;

/// Errors: invalid_argument, if any of these would break the message it stands in.
Result<void> check_headers(const std::vector<Header>& headers);

}  // namespace tongs::detail
