#include "gateway/sources/app_manifest.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <tongs/manifest/check.hpp>
#include <tongs/manifest/manifest.hpp>

#include "common/process.hpp"

namespace tongs::gateway {

namespace {

bool any_system_token(const manifest::Manifest& manifest) {
  const auto asks = [](const auto& item) { return item.auth.system_enabled(); };
  return std::any_of(manifest.endpoints().begin(), manifest.endpoints().end(), asks) ||
         std::any_of(manifest.remotes().begin(), manifest.remotes().end(), asks);
}

std::vector<std::string> warnings_of(const manifest::Manifest& manifest) {
  if (!manifest.readable()) return {"it is no manifest: tongs manifest check says why"};
  if (!any_system_token(manifest)) {
    return {
        "no endpoint asks for a system token: set auth.appSystemToken.enabled on one that a scheduledTrigger "
        "calls"};
  }
  std::vector<std::string> warnings;
  for (const manifest::Finding& finding : manifest::check(manifest)) {
    if (finding.rule->id != "system-token-stale") continue;
    warnings.push_back("line " + std::to_string(finding.at.line) + ": " + finding.message);
  }
  return warnings;
}

}  // namespace

ManifestFacts facts_of_manifest(std::string_view text) {
  const auto manifest = manifest::Manifest::parse(text, {.variable = process::environment_variable});
  ManifestFacts facts{.schedule_modules = {}, .uninstall_modules = {}, .warnings = warnings_of(manifest)};
  if (auto app = AppId::parse(manifest.app().id.value)) facts.app = *std::move(app);
  for (const manifest::Module& module : manifest.modules()) {
    if (module.endpoint() == nullptr) continue;
    if (module.type.value == "scheduledTrigger") facts.schedule_modules.push_back(module.key.value);
    if (module.type.value == "preUninstall") facts.uninstall_modules.push_back(module.key.value);
  }
  return facts;
}

Result<ManifestFacts> read_app_manifest(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || text.empty()) {
    return Error(Errc::invalid_argument, "app.manifest = " + file.string() + ": the file cannot be read");
  }
  if (text.size() > manifest::Manifest::kMaxBytes) {
    return Error(Errc::invalid_argument, "app.manifest = " + file.string() + ": the file is too large");
  }
  return facts_of_manifest(text);
}

}  // namespace tongs::gateway
