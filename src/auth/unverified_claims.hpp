#pragma once
#include <optional>
#include <string_view>

#include <tongs/json.hpp>

namespace tongs::detail {

/// The payload of a compact JWS (RFC 7515 7.1) whose signature nobody has looked at; nothing if it is no JSON
/// object with distinct names, or the token is longer than any that we send.
std::optional<JsonDocument> unverified_claims(std::string_view jwt) noexcept;

}  // namespace tongs::detail
