#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include <tongs/result.hpp>

#include "common/net/response.hpp"
#include "vault/records.hpp"

namespace tongs::gateway {

/// What of Atlassian's can be called through the egress.
enum class Api : std::uint8_t { jira, confluence, bitbucket, graphql, storage };
inline constexpr std::size_t kApis = 5;
/// As metrics name it.
std::string_view to_string(Api api) noexcept;

/// Where a call goes, as its target says it (contract 6.1.5).
struct Place {
  Api api{};
  std::string_view target;  ///< path and query behind the base of that API; empty or starts with `/` or `?`
};

/// Nothing: the target leads nowhere. Valid as long as `target`.
std::optional<Place> place_of(std::string_view target) noexcept;

/// The answer to a path of Containers for which no API is known that a Remote could call; nothing for any
/// other.
std::optional<net::Response> refused_place(std::string_view path);

/// Where the API of a product is for this installation. Errors: not_found (the app is not installed there).
/// Precondition: `api` is a product.
Result<std::string_view> product_base(const vault::Installation& installation, Api api);

}  // namespace tongs::gateway
