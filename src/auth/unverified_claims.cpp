#include "auth/unverified_claims.hpp"

#include <algorithm>
#include <utility>

#include "auth/token_text.hpp"
#include "base/base64url.hpp"

namespace tongs::detail {

std::optional<JsonDocument> unverified_claims(std::string_view jwt) noexcept {
  if (jwt.size() > kMaxTokenBytes || std::count(jwt.begin(), jwt.end(), '.') != 2) return std::nullopt;
  const std::size_t start = jwt.find('.') + 1;
  const auto claims = base64url_decode(jwt.substr(start, jwt.rfind('.') - start));
  if (!claims) return std::nullopt;
  auto document = JsonDocument::parse(*claims, {.unique_names = true});
  if (!document) return std::nullopt;
  return *std::move(document);
}

}  // namespace tongs::detail
