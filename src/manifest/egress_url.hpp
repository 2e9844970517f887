#pragma once
#include <string>
#include <string_view>

namespace tongs::manifest {

/// Does Forge take this text as an address of `permissions.external`? Predicts the official tool, which
/// judges text before it parses (manifest-rules 3.5): `*` alone is not decided here.
bool is_egress_address(std::string_view text);

/// Is there a path after the host, which Forge ignores in `fetch.backend`?
bool has_path(std::string_view address) noexcept;

/// One spelling for all addresses that mean the same place: `https://` if there is no scheme, scheme and host
/// in lower case, no default port, no slash at the end.
std::string canonical_address(std::string_view address);

/// Does a URL start with `https://`, in whatever case?
bool is_https(std::string_view url) noexcept;

}  // namespace tongs::manifest
