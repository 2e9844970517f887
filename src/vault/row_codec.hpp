#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include <tongs/result.hpp>

#include "vault/records.hpp"
#include "vault/store.hpp"

namespace tongs::vault {

/// What a sealed row is bound to: nothing of this can be changed without the row no longer opening.
/// Overwrites `out`.
void associated_data(RowKind kind, std::string_view installation, std::string_view account,
                     std::int64_t ends_at, std::string& out);

/// The records as bytes, before they are sealed. Tagged fields, so that a later version can add one.
/// Overwrites `out`, whose memory is used again; the caller wipes it.
void encode(const Installation& record, std::string& out);
void encode(const Token& record, std::string& out);
void encode(const UserConsent& record, std::string& out);

/// Errors: storage_failed (a field that is missing, broken or of a later version).
Result<Installation> decode_installation(const InstallationId& id, std::string_view bytes);
/// `expires_at` is not in the bytes: it is the row's `ends_at`, which is bound to them.
Result<Token> decode_token(WallTime expires_at, std::string_view bytes);
Result<UserConsent> decode_user_consent(std::string_view bytes);

}  // namespace tongs::vault
