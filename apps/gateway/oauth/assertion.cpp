#include "gateway/oauth/assertion.hpp"

#include <algorithm>
#include <utility>

#include <tongs/json.hpp>

namespace tongs::gateway::oauth {

namespace {

constexpr std::size_t kLongest = 8 * 1024;
constexpr std::size_t kLongestId = 256;
constexpr std::size_t kMostAudiences = 16;
constexpr std::chrono::seconds kLeeway{30};
constexpr std::chrono::minutes kLongestLife{5};
constexpr std::int64_t kLatest = 100'000'000'000;  // seconds, so that sums with it are no overflow

Error malformed(const char* what) { return {Errc::token_malformed, what}; }

struct Signed {
  jose::Algorithm algorithm;
  jose::CompactJws jws;
};

/// Which key may verify it is decided later, by what is known of the client, and never by the token.
Result<Signed> take_apart(std::string_view text) {
  auto jws = jose::parse_compact_jws(text, kLongest, jose::Algorithm::rs256);
  if (jws) return Signed{jose::Algorithm::rs256, *std::move(jws)};
  if (jws.error().code() != Errc::algorithm_not_allowed) return std::move(jws).error();
  jws = jose::parse_compact_jws(text, kLongest, jose::Algorithm::hs256);
  if (!jws) return std::move(jws).error();
  return Signed{jose::Algorithm::hs256, *std::move(jws)};
}

/// A NumericDate; a fraction of a second is cut off.
std::optional<WallTime> date_in(JsonView value) {
  const auto seconds = value.number();
  if (!seconds || *seconds < 0 || *seconds > static_cast<double>(kLatest)) return std::nullopt;
  return WallTime(std::chrono::seconds(static_cast<std::int64_t>(*seconds)));
}

Result<std::vector<std::string>> audience_in(JsonView value) {
  if (const auto one = value.string()) return std::vector<std::string>{std::string(*one)};
  std::vector<std::string> all;
  for (const JsonView each : value) {
    if (!each.string() || all.size() == kMostAudiences) return malformed("aud is no list of a few strings");
    all.emplace_back(*each.string());
  }
  if (all.empty()) return malformed("the assertion has no aud");
  return all;
}

Result<void> read_dates(Assertion& assertion, JsonView claims) {
  const auto expires_at = date_in(claims["exp"]);
  if (!expires_at) return malformed("the assertion has no exp");
  assertion.expires_at = *expires_at;
  assertion.issued_at = date_in(claims["iat"]);
  assertion.not_before = date_in(claims["nbf"]);
  if ((claims["iat"] && !assertion.issued_at) || (claims["nbf"] && !assertion.not_before)) {
    return malformed("iat or nbf of the assertion is no date");
  }
  return {};
}

}  // namespace

Result<Assertion> read_assertion(std::string_view text) {
  auto taken = take_apart(text);
  if (!taken) return std::move(taken).error();
  const auto claims = JsonDocument::parse(taken->jws.payload, {.unique_names = true});
  if (!claims || claims->root().kind() != JsonView::Kind::object)
    return malformed("the claims are no JSON object with unique names");
  const JsonView root = claims->root();
  Assertion assertion{
      .algorithm = taken->algorithm, .jws = std::move(taken->jws), .issuer = {}, .subject = {}};
  assertion.issuer = root["iss"].string_or({});
  assertion.subject = root["sub"].string_or({});
  assertion.id = root["jti"].string_or({});
  if (assertion.issuer.empty() || assertion.subject.empty())
    return malformed("the assertion has no iss or sub");
  if (assertion.id.size() > kLongestId) return malformed("jti is longer than 256 bytes");
  auto audience = audience_in(root["aud"]);
  if (!audience) return std::move(audience).error();
  assertion.audience = *std::move(audience);
  if (auto dates = read_dates(assertion, root); !dates) return std::move(dates).error();
  return assertion;
}

Result<void> check_assertion(const Assertion& assertion, const std::vector<std::string>& audiences,
                             WallTime now) {
  if (std::ranges::find_first_of(assertion.audience, audiences) == assertion.audience.end()) {
    return Error(Errc::audience_mismatch, "the assertion is for somebody else: aud must be the issuer");
  }
  if (now >= end_of_use(assertion)) return Error(Errc::token_expired, "the assertion has expired");
  if (assertion.expires_at > now + kLongestLife + kLeeway) {
    return malformed("the assertion lives longer than 5 minutes");
  }
  const WallTime latest_start = now + kLeeway;
  if (assertion.issued_at.value_or(now) > latest_start || assertion.not_before.value_or(now) > latest_start) {
    return Error(Errc::token_not_yet_valid, "the assertion is not valid yet: compare the clocks");
  }
  return {};
}

WallTime end_of_use(const Assertion& assertion) noexcept { return assertion.expires_at + kLeeway; }

}  // namespace tongs::gateway::oauth
