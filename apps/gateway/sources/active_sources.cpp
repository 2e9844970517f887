#include "gateway/sources/active_sources.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "gateway/sources/auth_trigger.hpp"
#include "gateway/sources/oauth_source.hpp"
#include "http/ascii.hpp"
#include "vault/files.hpp"

namespace tongs::gateway {

namespace {

Result<Secret> secret_of(const OAuthSourceConfig& config) {
  if (config.client_secret) return config.client_secret->duplicate();
  const std::string path = config.secret_file->string();
  auto content = vault::read_private_file(path, vault::Guard::mode);
  if (!content) {
    return Error(content.error().code(), "sources.oauth_secret_file").with_cause(std::move(content).error());
  }
  Secret secret(detail::trim(content->reveal()));
  if (secret.empty()) return Error(Errc::invalid_argument, "sources.oauth_secret_file: the file is empty");
  return secret;
}

}  // namespace

CaptureRules capture_rules(const SourcesConfig& config) {
  return {.invocation = config.has(TokenSource::invocation),
          .schedule = config.has(TokenSource::schedule),
          .schedule_modules = config.schedule_modules};
}

IntakeRules intake_rules(const SourcesConfig& config) {
  return {.auth_path = config.auth_path,
          .trigger_hosts = config.trigger_hosts,
          .uninstall_modules = config.uninstall_modules};
}

Result<std::vector<std::unique_ptr<ActiveSource>>> active_sources(
    net::Reactor& reactor, const SourcesConfig& config, const std::shared_ptr<vault::Vault>& vault,
    const std::shared_ptr<AsyncTransport>& transport, Arrivals& arrivals, SourceMetrics& metrics) {
  std::vector<std::unique_ptr<ActiveSource>> sources;
  for (const TokenSource source : config.order) {
    if (source == TokenSource::auth_trigger && !config.auth_path.empty()) {
      sources.push_back(
          std::make_unique<AuthTrigger>(reactor, vault, transport, arrivals, config.trigger_hosts));
    } else if (source == TokenSource::oauth) {
      auto secret = secret_of(config.oauth);
      if (!secret) return std::move(secret).error();
      sources.push_back(std::make_unique<OAuthSource>(OAuthClient{.token_url = config.oauth.token_url->text(),
                                                                  .id = config.oauth.client_id,
                                                                  .secret = *std::move(secret),
                                                                  .scope = config.oauth.scope},
                                                      vault, transport, metrics));
    }
  }
  return sources;
}

}  // namespace tongs::gateway
