#pragma once
#include <string>
#include <string_view>

namespace tongs::bench {

/// The first key of a JWKS as PEM, for programs that want a key in this form. Ends the program if there is
/// none.
std::string public_pem(std::string_view jwks);

}  // namespace tongs::bench
