#pragma once
#include <string>
#include <string_view>

#include <tongs/result.hpp>

#include "vault/oauth_client.hpp"

namespace tongs::vault {

/// As the functions of row_codec.hpp. `id` and `installation` are not in the bytes: they are in the row's
/// name, which is bound to them.
void encode(const OAuthClient& record, std::string& out);
/// Errors: storage_failed (a field that is missing, broken or of a later version).
Result<OAuthClient> decode_oauth_client(const InstallationId& installation, std::string_view id,
                                        std::string_view bytes);

}  // namespace tongs::vault
