#include "auth/fit_claims.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongs::detail {

namespace {

Error malformed(const char* what) { return {Errc::token_malformed, what}; }

bool has_control_character(std::string_view text) noexcept {
  bool found = false;
  for (const char c : text) {  // to its end, so that the compiler can look at many bytes at once
    const auto byte = static_cast<unsigned char>(c);
    found |= byte < 0x20 || byte == 0x7f;
  }
  return found;
}

/// The text of a member, empty if it is absent, no string, or unfit for a header.
std::string text_of(JsonView member) {
  const std::string_view text = member.string_or({});
  return has_control_character(text) ? std::string() : std::string(text);
}

std::optional<WallTime> date_of(JsonView member) noexcept {
  constexpr std::int64_t end_of_year_9999 = 253'402'300'799;
  const auto seconds = member.integer();
  if (!seconds || *seconds < 0 || *seconds > end_of_year_9999) return std::nullopt;
  return WallTime(std::chrono::seconds(*seconds));
}

Result<AppId> read_app(JsonView app) {
  const auto id = app["id"].string();
  if (!id) return malformed("the claim app.id is missing or no string");
  auto parsed = AppId::parse(*id);
  if (!parsed) return malformed("the claim app.id is no app id").with_cause(std::move(parsed).error());
  return parsed;
}

Result<InstallationId> read_installation(JsonView app) {
  std::optional<InstallationId> found;
  for (const JsonView id : {app["installationId"], app.at("installation", "id")}) {
    if (!id || id.is_null()) continue;
    auto parsed = InstallationId::parse(id.string_or({}));
    if (!parsed) {
      return malformed("a claim that names the installation is no installation id")
          .with_cause(std::move(parsed).error());
    }
    if (found && *found != *parsed) return malformed("the claims name two different installations");
    found = *std::move(parsed);
  }
  if (!found) return malformed("the claim app.installationId is missing");
  return *std::move(found);
}

Result<std::optional<AccountId>> read_account(JsonView principal) {
  if (!principal || principal.is_null()) return std::optional<AccountId>();
  auto parsed = AccountId::parse(principal.string_or({}));
  if (!parsed) return malformed("the claim principal is no account id").with_cause(std::move(parsed).error());
  return std::optional(*std::move(parsed));
}

std::vector<InstallationContext> read_contexts(JsonView contexts) {
  std::vector<InstallationContext> out;
  if (contexts.kind() != JsonView::Kind::array) return out;
  for (const JsonView context : contexts) {
    out.push_back({.name = text_of(context["name"]),
                   .api_base_url = text_of(context["apiBaseUrl"]),
                   .cloud_id = text_of(context["cloudId"]),
                   .workspace_id = text_of(context["workspaceId"])});
  }
  return out;
}

std::optional<License> read_license(JsonView license) {
  if (license.kind() != JsonView::Kind::object) return std::nullopt;
  const auto active = license["active"].boolean();
  return License{.active = active ? active : license["isActive"].boolean(),
                 .type = text_of(license["type"]),
                 .evaluation = license["isEvaluation"].boolean().value_or(false),
                 .capability_set = text_of(license["capabilitySet"])};
}

/// The one value that all contexts which have this member agree on, or nothing.
std::string common(const std::vector<InstallationContext>& contexts,
                   std::string InstallationContext::* member) {
  std::string agreed;
  for (const InstallationContext& context : contexts) {
    const std::string& value = context.*member;
    if (value.empty() || value == agreed) continue;
    if (!agreed.empty()) return {};
    agreed = value;
  }
  return agreed;
}

/// `context.workspaceId` has braces where `app.installation.contexts[]` has none (contract 2.3).
std::string without_braces(std::string text) {
  if (text.size() >= 2 && text.front() == '{' && text.back() == '}') return text.substr(1, text.size() - 2);
  return text;
}

std::string either(std::string first, std::string second) {
  return first.empty() ? std::move(second) : std::move(first);
}

}  // namespace

Result<FitClaims> read_fit_claims(JsonView payload) {
  const auto issued_at = date_of(payload["iat"]), not_before = date_of(payload["nbf"]);
  const auto expires_at = date_of(payload["exp"]);
  if (!issued_at || !not_before || !expires_at) {
    return malformed("one of the claims iat, nbf and exp is missing or not in whole Unix seconds");
  }
  std::string jti = text_of(payload["jti"]);
  if (jti.empty()) return malformed("the claim jti is missing or no string");
  const JsonView app = payload["app"], context = payload["context"];
  auto app_id = read_app(app);
  if (!app_id) return std::move(app_id).error();
  auto installation = read_installation(app);
  if (!installation) return std::move(installation).error();
  auto account = read_account(payload["principal"]);
  if (!account) return std::move(account).error();

  auto contexts = read_contexts(app.at("installation", "contexts"));
  std::string cloud_id =
      either(text_of(context["cloudId"]), common(contexts, &InstallationContext::cloud_id));
  std::string workspace_id = either(without_braces(text_of(context["workspaceId"])),
                                    common(contexts, &InstallationContext::workspace_id));
  return FitClaims{.app_id = *std::move(app_id),
                   .installation = *std::move(installation),
                   .contexts = std::move(contexts),
                   .api_base_url = text_of(app["apiBaseUrl"]),
                   .app_version = either(text_of(app["appVersion"]), text_of(app["version"])),
                   .environment_type = text_of(app.at("environment", "type")),
                   .environment_id = text_of(app.at("environment", "id")),
                   .module_type = text_of(app.at("module", "type")),
                   .module_key = text_of(app.at("module", "key")),
                   .license = read_license(app["license"]),
                   .account = *std::move(account),
                   .cloud_id = std::move(cloud_id),
                   .workspace_id = std::move(workspace_id),
                   .site_url = text_of(context["siteUrl"]),
                   .ic_label = text_of(payload["icLabel"]),
                   .issued_at = *issued_at,
                   .not_before = *not_before,
                   .expires_at = *expires_at,
                   .jti = std::move(jti)};
}

}  // namespace tongs::detail
