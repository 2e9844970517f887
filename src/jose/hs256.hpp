#pragma once
#include <string_view>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

namespace tongs::jose {

/// Is `signature` the HMAC-SHA-256 (RFC 7518 3.2) of `input` under `key`? Takes the same time wherever the
/// first difference is. Errors: signature_invalid, internal.
Result<void> verify_hs256(std::string_view input, std::string_view signature, const Secret& key);

}  // namespace tongs::jose
