#pragma once
#include <string_view>

#include "common/net/response.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway {

/// `GET /v1/installations?pageSize=&cursor=` (contract 6.1.6). Errors: invalid_argument (a page size that is
/// no number from 1 to 100, a cursor that is none).
Result<net::Response> list_installations(const vault::Vault& vault, std::string_view query);

/// `GET /v1/installation/<uuid>`. Errors: not_found, invalid_argument.
Result<net::Response> show_installation(const vault::Vault& vault, std::string_view id);

}  // namespace tongs::gateway
