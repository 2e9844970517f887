#include "emulator/platform/fit_minter.hpp"

#include <array>
#include <utility>

#include "base/base64url.hpp"
#include "emulator/base/json_text.hpp"
#include "emulator/platform/directory.hpp"

namespace tongs::emulator {

namespace {

constexpr std::array<std::pair<std::string_view, FitFlaw>, 7> kFlaws{{
    {"expired", FitFlaw::expired},
    {"not-yet-valid", FitFlaw::not_yet_valid},
    {"wrong-audience", FitFlaw::wrong_audience},
    {"wrong-issuer", FitFlaw::wrong_issuer},
    {"wrong-signature", FitFlaw::wrong_signature},
    {"unknown-key", FitFlaw::unknown_key},
    {"no-signature", FitFlaw::no_signature},
}};

constexpr std::string_view kIssuer = "forge/invocation-token";

json::array contexts_of(const Installation& installation, std::string_view origin) {
  json::array contexts;
  for (const auto& product : installation.products) {
    contexts.push_back(json::object{{"name", product},
                                    {"apiBaseUrl", api_base_url(origin, product, installation.cloud_id)},
                                    {"cloudId", installation.cloud_id}});
  }
  return contexts;
}

/// The part of a version before its first point.
std::string_view major_of(std::string_view version) noexcept { return version.substr(0, version.find('.')); }

void set_times(json::object& claims, std::int64_t issued, std::chrono::seconds life) {
  claims["iat"] = issued;
  claims["nbf"] = issued;
  claims["exp"] = issued + life.count();
}

void spoil_claims(json::object& claims, FitFlaw flaw) {
  const std::int64_t issued = claims.at("iat").as_int64();
  switch (flaw) {
    case FitFlaw::expired:
      return set_times(claims, issued - 60 - kFitLife.count(), kFitLife);
    case FitFlaw::not_yet_valid:
      return set_times(claims, issued + 600, kFitLife);
    case FitFlaw::wrong_audience:
      claims["aud"] = "ari:cloud:ecosystem::app/" + uuid_of("another app");
      return;
    case FitFlaw::wrong_issuer:
      claims["iss"] = "forge/context-token";
      return;
    default:
      return;
  }
}

}  // namespace

std::optional<FitFlaw> parse_fit_flaw(std::string_view text) noexcept {
  for (const auto& [name, flaw] : kFlaws) {
    if (name == text) return flaw;
  }
  return std::nullopt;
}

json::object fit_claims(const FitSubject& subject, const std::string& environment_id, std::string_view origin,
                        const Behaviour& behaviour, Random& random, RealTime now) {
  const App& app = subject.app;
  const Installation& installation = subject.installation;
  const std::string app_part = behaviour.long_environment_ari ? std::string(app.id.bare()) + '/' : "";
  json::object about{
      {"id", app.id.str()},
      {"version", major_of(installation.app_version)},
      {"appVersion", installation.app_version},
      {"installationId", installation.id.str()},
      {"apiBaseUrl", api_base_url(origin, installation.products.front(), installation.cloud_id)},
      {"installation", {{"id", installation.id.str()}, {"contexts", contexts_of(installation, origin)}}},
      {"environment",
       {{"type", installation.environment_type},
        {"id", "ari:cloud:ecosystem::environment/" + app_part + environment_id}}},
      {"module", {{"type", subject.module_type}, {"key", subject.module_key}}},
  };
  if (installation.license) about["license"] = *installation.license;
  json::object claims{{"app", std::move(about)}};
  if (subject.context != nullptr) claims["context"] = *subject.context;
  if (!subject.account.empty()) claims["principal"] = subject.account;
  if (!installation.ic_label.empty()) claims["icLabel"] = installation.ic_label;
  claims["aud"] = app.id.str();
  claims["iss"] = kIssuer;
  set_times(claims, unix_seconds(now), kFitLife);
  claims["jti"] = random_hex(random, 20);
  return claims;
}

Result<std::string> sign_fit(json::object claims, const KeyRing& keys, FitFlaw flaw, Random& random) {
  spoil_claims(claims, flaw);
  if (flaw == FitFlaw::no_signature) {
    const json::object header{{"alg", "none"}, {"kid", keys.current().kid()}};
    return base64url_encode(json_text(header)) + '.' + base64url_encode(json_text(claims)) + '.';
  }
  if (flaw == FitFlaw::unknown_key) {
    return SigningKey::generate(fit_kid(random)).and_then([&](const SigningKey& key) {
      return key.sign(claims);
    });
  }
  auto token = keys.current().sign(claims);
  if (token && flaw == FitFlaw::wrong_signature) {
    char& changed = (*token)[token->rfind('.') + 1];
    changed = changed == 'A' ? 'B' : 'A';
  }
  return token;
}

json::object context_token_claims(const FitSubject& subject, const std::string& environment_id,
                                  Random& random, RealTime now) {
  const std::string app_id(subject.app.id.bare());
  json::array contexts;
  for (const auto& product : subject.installation.products) {
    contexts.emplace_back(context_ari(product, subject.installation.cloud_id));
  }
  json::object claims{
      {"context", {{"cloudId", subject.installation.cloud_id}, {"moduleKey", subject.module_key}}},
      {"accountId", app_account(subject.app)},
      {"extensionId", "ari:cloud:ecosystem::extension/" + app_id + '/' + environment_id + "/static/" +
                          std::string(subject.module_key)},
      {"contextIds", std::move(contexts)},
      {"appId", app_id},
      {"appVersion", subject.installation.app_version},
      {"extensionType", "core:" + std::string(subject.module_type)},
      {"unlicensed", false},
      {"iss", "forge/context-token"},
      {"aud", "forge"},
  };
  set_times(claims, unix_seconds(now), std::chrono::seconds(900));
  claims["jti"] = random_hex(random, 20);
  return claims;
}

}  // namespace tongs::emulator
