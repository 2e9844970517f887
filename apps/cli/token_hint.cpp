#include "cli/token_hint.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include <tongs/json.hpp>

#include "cli/input.hpp"
#include "cli/time_words.hpp"
#include "cli/token_damage.hpp"
#include "cli/token_origin.hpp"
#include "cli/token_text.hpp"
#include "http/ascii.hpp"

namespace tongs::cli {

namespace {

/// A difference that a clock makes rather than a token of yesterday.
constexpr std::chrono::seconds kClockSkew{600};

constexpr std::string_view kRightHeader = "take the one of the header 'authorization'";

/// A time at which the token was good, as --at takes it.
std::string own_time(JsonView claims, WallTime otherwise) {
  const WallTime issued = time_claim(claims["iat"]).value_or(otherwise);
  return std::to_string(issued.time_since_epoch().count());
}

std::string quoted(JsonView text) { return "'" + std::string(text.string_or("")) + "'"; }

std::string expired_hint(JsonView claims, const RefusedFit& fit) {
  const auto expiry = time_claim(claims["exp"]);
  if (!expiry || *expiry > fit.at) return "ask for a fresh token: a FIT lives 25 s";
  const std::string ago = duration_in_words(fit.at - *expiry), own = own_time(claims, *expiry);
  if (fit.at_was_chosen) return "it expired " + ago + " before the time of --at; its own time is " + own;
  if (fit.at - *expiry > kClockSkew) {
    return "it expired " + ago + " ago: a FIT lives 25 s; check it as of its own time with --at " + own;
  }
  return "it expired " + ago +
         " ago: if it has just arrived, the clock of this machine is ahead, so compare it " +
         "with a time server; else check the token as of its own time with --at " + own;
}

std::string early_hint(JsonView claims, const RefusedFit& fit) {
  const WallTime begin = std::max(time_claim(claims["nbf"]).value_or(fit.at),  //
                                  time_claim(claims["iat"]).value_or(fit.at));
  const std::string ahead = duration_in_words(begin - fit.at), own = own_time(claims, begin);
  if (fit.at_was_chosen) return "the time of --at is " + ahead + " before the token's own, which is " + own;
  if (begin - fit.at > kClockSkew) {
    return "it begins in " + ahead +
           ": the clock of this machine is behind, or the token was made for later; compare the clock with a "
           "time server, or check the token as of its own time with --at " +
           own;
  }
  return "it begins in " + ahead +
         ": if it has just arrived, the clock of this machine is behind, so compare it with a time server";
}

std::string audience_hint(JsonView claims, const RefusedFit& fit) {
  const JsonView audience = claims["aud"];
  if (audience.kind() == JsonView::Kind::array) {
    return "the token is for a list of receivers: Forge makes each for one app";
  }
  const auto other = AppId::parse(audience.string_or(""));
  if (!other) return "the token is for " + quoted(audience) + ", which is no Forge app";
  if (*other == fit.app) {
    return "the token is for this app, but says of itself that it comes from " + quoted(claims["app"]["id"]);
  }
  return "the token is for the app " + other->str() + ", you asked for " + fit.app.str() +
         ": look at 'app.id' in the manifest";
}

std::string algorithm_hint(JsonView header) {
  const std::string_view algorithm = header["alg"].string_or("");
  if (detail::to_lower(algorithm) == "none") return "it is not signed at all: anyone can write such a token";
  if (algorithm.starts_with("HS")) {
    return "it is signed with a shared secret, as Connect does and Forge does not: " +
           std::string(kRightHeader) + " of a Forge Remote call";
  }
  return "Forge signs with RS256 alone: somebody else made this token";
}

std::string key_hint(const DecodedToken& read, const RefusedFit& fit) {
  if (auto other = other_keys_for(read.claims.root(), fit.jwks); !other.empty()) return other;
  const std::string key = "the token names the key " + quoted(read.header["kid"]) + ", ";
  if (!is_url(fit.jwks)) {
    return key +
           "which the file does not have: it is older than the last rotation of Forge's keys; "
           "leave --jwks out or save it anew";
  }
  const auto expiry = time_claim(read.claims["exp"]);
  if (fit.at_was_chosen || (expiry && fit.at - *expiry > kClockSkew)) {
    return key + "which is not published: it was withdrawn since, or somebody else signed the token";
  }
  return key + "which is not published there: somebody else signed the token";
}

std::string signature_hint(const DecodedToken& read, const RefusedFit& fit) {
  if (auto other = other_keys_for(read.claims.root(), fit.jwks); !other.empty()) return other;
  return "the token was changed on its way, or somebody else made it under the name of a published key";
}

std::string malformed_hint(const DecodedToken& read) {
  if (read.claims["iss"].string() == "forge/invocation-token") {
    return "it says that it is of Forge, but Forge makes none like it: a simulator did, or somebody else";
  }
  return "it can be read, but it is no Forge Invocation Token: " + std::string(kRightHeader);
}

std::string hint_for_whole(const DecodedToken& read, const RefusedFit& fit) {
  switch (fit.why) {
    case Errc::token_expired:
      return expired_hint(read.claims.root(), fit);
    case Errc::token_not_yet_valid:
      return early_hint(read.claims.root(), fit);
    case Errc::audience_mismatch:
      return audience_hint(read.claims.root(), fit);
    case Errc::issuer_mismatch:
      return "it is of " + quoted(read.claims["iss"]) +
             ", so it is no Forge Invocation Token: " + std::string(kRightHeader) +
             ", not an 'x-forge-oauth' one";
    case Errc::algorithm_not_allowed:
      return algorithm_hint(read.header.root());
    case Errc::key_unknown:
      return key_hint(read, fit);
    case Errc::signature_invalid:
      return signature_hint(read, fit);
    case Errc::token_malformed:
      return malformed_hint(read);
    default:
      return {};
  }
}

}  // namespace

std::string hint_for(const RefusedFit& fit) {
  if (fit.why == Errc::keys_unavailable) {
    return "nothing was decided: reach the key set, or save it and name the file with --jwks";
  }
  if (fit.why == Errc::token_malformed || fit.why == Errc::signature_invalid) {
    if (const auto damage = damage_of(fit.token); !damage.empty()) return std::string(damage);
  }
  const auto read = decode_unverified(fit.token);
  return read ? hint_for_whole(*read, fit) : std::string(read.error().message());
}

}  // namespace tongs::cli
