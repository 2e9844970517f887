#pragma once
#include <string>
#include <string_view>

#include <tongs/json.hpp>
#include <tongs/result.hpp>
#include <tongs/secret.hpp>

namespace tongs::cli {

/// The token of the command line, or of standard input for `-` and for nothing. What is copied along with it
/// is taken off: everything up to `Bearer`, quotes, white space. Errors: invalid_argument (nothing there, or
/// more than 64 KiB).
Result<Secret> read_token(const std::string& argument);

/// What a token says of itself; nothing of it is proved.
struct DecodedToken {
  JsonDocument header;
  JsonDocument claims;
};

/// Errors: token_malformed, with the part that is broken.
Result<DecodedToken> decode_unverified(std::string_view token);

}  // namespace tongs::cli
