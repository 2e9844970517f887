#pragma once
#include <string_view>

#include <tongs/secret.hpp>

namespace tongs::net {

/// The value of an Authorization header with a user and a password (RFC 7617).
/// Precondition: `user` has no colon.
Secret basic_credentials(std::string_view user, std::string_view password);

}  // namespace tongs::net
