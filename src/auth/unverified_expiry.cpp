#include <algorithm>
#include <string>

#include <tongs/installation.hpp>
#include <tongs/json.hpp>

#include "auth/token_text.hpp"
#include "base/base64url.hpp"

namespace tongs {

namespace {

constexpr WallTime kEarliest{std::chrono::seconds(1'000'000'000)};
constexpr WallTime kLatest{std::chrono::seconds(100'000'000'000)};

/// The second of the three parts of a compact JWS (RFC 7515 7.1), or nothing.
std::optional<std::string_view> payload_of(std::string_view jwt) noexcept {
  if (jwt.size() > detail::kMaxTokenBytes || std::count(jwt.begin(), jwt.end(), '.') != 2)
    return std::nullopt;
  const std::size_t start = jwt.find('.') + 1;
  return jwt.substr(start, jwt.rfind('.') - start);
}

}  // namespace

std::optional<WallTime> unverified_expiry(std::string_view jwt) noexcept {
  const auto encoded = payload_of(jwt);
  if (!encoded) return std::nullopt;
  const auto claims = base64url_decode(*encoded);
  if (!claims) return std::nullopt;
  const auto document = JsonDocument::parse(*claims, {.unique_names = true});
  if (!document) return std::nullopt;
  const auto seconds = (*document)["exp"].integer();
  if (!seconds) return std::nullopt;
  const WallTime end{std::chrono::seconds(*seconds)};
  if (end < kEarliest || end > kLatest) return std::nullopt;
  return end;
}

}  // namespace tongs
