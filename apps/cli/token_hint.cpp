#include "cli/token_hint.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

#include <tongs/jwks.hpp>

#include "cli/time_words.hpp"

namespace tongs::cli {

namespace {

/// A difference that a clock makes rather than a token of yesterday.
constexpr std::chrono::seconds kClockSkew{600};

bool is_from_staging(JsonView claims) noexcept {
  return claims["app"]["apiBaseUrl"].string_or("").starts_with("https://api.stg.atlassian.com/");
}

std::string staging_hint() {
  return "the token names Atlassian's staging: use its keys, --jwks " + std::string(kStagingJwksUrl) +
         ", and never accept such a token in production";
}

/// A time at which the token was good, as --at takes it.
std::string own_time(JsonView claims, WallTime otherwise) {
  const WallTime issued = time_claim(claims["iat"]).value_or(otherwise);
  return std::to_string(issued.time_since_epoch().count());
}

std::string expired_hint(JsonView claims, const JudgedAt& at) {
  const auto expiry = time_claim(claims["exp"]);
  if (!expiry || *expiry > at.time) return "ask for a fresh token: a FIT lives 25 s";
  const std::string ago = duration_in_words(at.time - *expiry);
  if (at.chosen) {
    return "it expired " + ago + " before the time of --at; its own time is " + own_time(claims, *expiry);
  }
  if (at.time - *expiry <= kClockSkew) {
    return "it expired " + ago +
           " ago: if it has just arrived, the clock of this machine is ahead, so compare it with a "
           "time server; else check it as of its own time with --at " +
           own_time(claims, *expiry);
  }
  return "it expired " + ago + " ago: a FIT lives 25 s; check it as of its own time with --at " +
         own_time(claims, *expiry);
}

std::string early_hint(JsonView claims, const JudgedAt& at) {
  if (at.chosen) return "the time of --at is before the token's own, which is " + own_time(claims, at.time);
  return "the clock of this machine is behind, or the token was made for later: compare the clock with a "
         "time server";
}

std::string audience_hint(JsonView claims, const AppId& app) {
  const auto audience = claims["aud"].string();
  if (!audience) return "the token does not say for which app it is";
  const auto other = AppId::parse(*audience);
  if (!other) return "the token is for something that is no Forge app";
  return "the token is for the app " + other->str() + ", you asked for " + app.str() +
         ": look at 'app.id' in the manifest";
}

std::string key_hint(JsonView claims) {
  if (is_from_staging(claims)) return staging_hint();
  return "if the key set is a file, it is older than the last rotation of Atlassian's keys: use the URL; if "
         "it is the "
         "URL, the token was signed by somebody else";
}

}  // namespace

std::string hint_for(Errc refusal, JsonView claims, const AppId& app, const JudgedAt& at) {
  switch (refusal) {
    case Errc::token_expired:
      return expired_hint(claims, at);
    case Errc::token_not_yet_valid:
      return early_hint(claims, at);
    case Errc::audience_mismatch:
      return audience_hint(claims, app);
    case Errc::issuer_mismatch:
      return "this is no Forge Invocation Token: take the one of the header 'authorization', not an "
             "'x-forge-oauth' "
             "token";
    case Errc::algorithm_not_allowed:
      return "Forge signs with RS256 alone: somebody else made this token";
    case Errc::key_unknown:
      return key_hint(claims);
    case Errc::signature_invalid:
      return is_from_staging(claims) ? staging_hint()
                                     : "the token was changed on its way, or somebody else made it";
    case Errc::token_malformed:
      return claims
                 ? "it can be read, but it is no Forge Invocation Token: take the one of the header "
                   "'authorization'"
                 : "copy the whole header value: three parts with two dots between them, without line breaks";
    case Errc::keys_unavailable:
      return "nothing was decided: reach the key set, or save it and name the file with --jwks";
    default:
      return {};
  }
}

}  // namespace tongs::cli
