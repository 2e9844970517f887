#include "auth/fit_checker.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <tongs/json.hpp>

#include "auth/fit_claims.hpp"

namespace tongs {

struct VerifiedInvocation::Content {
  Content(FitClaims read, std::string written) : claims(std::move(read)), json(std::move(written)) {}
  FitClaims claims;
  std::string json;
};

VerifiedInvocation::VerifiedInvocation(std::shared_ptr<const Content> content) noexcept
    : content_(std::move(content)) {}
const FitClaims& VerifiedInvocation::claims() const noexcept { return content_->claims; }
std::string_view VerifiedInvocation::claims_json() const noexcept { return content_->json; }

namespace detail {

namespace {

using std::chrono::seconds;

constexpr std::string_view kIssuer = "forge/invocation-token";

Result<void> check_issuer(JsonView issuer) {
  if (!issuer.string()) return Error(Errc::token_malformed, "the claim iss is missing or no string");
  if (issuer.string() != kIssuer) return Error(Errc::issuer_mismatch, "the token was not issued by Forge");
  return {};
}

/// The one of our apps that the token is for: as a string or as an array of one. A token for several apps is
/// for none (a FIT never has more than one, contract 2.2).
Result<const AppId*> find_audience(JsonView audience, std::span<const AppId> ours) {
  if (audience.kind() == JsonView::Kind::array && audience.size() == 1) audience = *audience.begin();
  if (audience.kind() != JsonView::Kind::string && audience.kind() != JsonView::Kind::array) {
    return Error(Errc::token_malformed, "the claim aud is missing or no string");
  }
  const auto found = std::find_if(ours.begin(), ours.end(),
                                  [&](const AppId& app) { return app.str() == audience.string(); });
  if (found == ours.end()) return Error(Errc::audience_mismatch, "the token is for another app");
  return &*found;
}

Result<FitClaims> read_claims(std::string_view payload, std::span<const AppId> audiences) {
  const auto document = JsonDocument::parse(payload, {.unique_names = true});
  if (!document) {
    return Error(Errc::token_malformed, "the claims are not JSON with unique names")
        .with_cause(document.error());
  }
  if (const auto issued = check_issuer((*document)["iss"]); !issued) return issued.error();
  const auto audience = find_audience((*document)["aud"], audiences);
  if (!audience) return audience.error();
  auto claims = read_fit_claims(document->root());
  if (claims && claims->app_id != **audience) {
    return Error(Errc::audience_mismatch, "the claim app.id names another app than aud");
  }
  return claims;
}

}  // namespace

const FitClaims& UnverifiedFit::unverified_claims() const noexcept { return content_->claims; }

Result<void> FitChecker::check_policy(const FitPolicy& policy) {
  if (policy.leeway < seconds(0) || policy.leeway > seconds(600)) {
    return Error(Errc::invalid_argument, "the leeway of a FIT policy is 0 to 600 seconds");
  }
  if (policy.max_age < seconds(0) || policy.max_age > std::chrono::hours(24)) {
    return Error(Errc::invalid_argument, "the max_age of a FIT policy is 0 to 24 hours");
  }
  if (policy.max_token_bytes < 1024 || policy.max_token_bytes > std::size_t{1024} * 1024) {
    return Error(Errc::invalid_argument, "the max_token_bytes of a FIT policy is 1 KiB to 1 MiB");
  }
  return {};
}

Result<UnverifiedFit> FitChecker::check(std::string_view token, const FitPolicy& policy,
                                        std::span<const AppId> audiences, WallTime now) {
  auto jws = jose::parse_compact_jws(token, policy.max_token_bytes);
  if (!jws) return std::move(jws).error();
  auto claims = read_claims(jws->payload, audiences);
  if (!claims) return std::move(claims).error();
  if (const auto dated = check_dates(*claims, policy, now); !dated) return dated.error();
  auto content = std::make_shared<const UnverifiedFit::Content>(*std::move(claims), std::move(jws->payload));
  return UnverifiedFit(*std::move(jws), std::move(content));
}

Result<VerifiedInvocation> FitChecker::confirm(UnverifiedFit fit, const jose::RsaPublicKey& key) {
  if (const auto genuine = key.verify_rs256(fit.jws_.signing_input, fit.jws_.signature); !genuine) {
    return genuine.error();
  }
  return VerifiedInvocation(std::move(fit.content_));
}

Result<void> FitChecker::check_dates(const FitClaims& claims, const FitPolicy& policy, WallTime now) {
  // No sum here can overflow: dates end with the year 9999 and the policy is in its range.
  if (now >= claims.expires_at + policy.leeway) return Error(Errc::token_expired, "the token has expired");
  if (now < claims.not_before - policy.leeway) {
    return Error(Errc::token_not_yet_valid, "the token is not valid yet: compare the clocks");
  }
  if (now < claims.issued_at - policy.leeway) {
    return Error(Errc::token_not_yet_valid, "the token was issued in the future: compare the clocks");
  }
  if (policy.max_age > seconds(0) && now >= claims.issued_at + policy.max_age + policy.leeway) {
    return Error(Errc::token_expired, "the token is older than the policy allows");
  }
  return {};
}

}  // namespace detail

}  // namespace tongs
