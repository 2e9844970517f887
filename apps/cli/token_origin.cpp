#include "cli/token_origin.hpp"

#include <array>

#include <tongs/jwks.hpp>

#include "gateway/ingress/key_places.hpp"
#include "http/url.hpp"

namespace tongs::cli {

namespace {

/// One of Atlassian's clouds beside the commercial production, by the place of its product APIs
/// (contract 2.4).
struct Cloud {
  std::string_view api, name, keys, warning;
};

constexpr std::string_view kOfStaging = ", and never accept such a token in production";

std::string keys_of(std::string_view name, std::string_view url) {
  return "the token says that it is of " + std::string(name) + ": use the keys from there, --jwks " +
         std::string(url);
}

}  // namespace

std::string other_keys_for(JsonView claims, std::string_view jwks) {
  if (const auto label = claims["icLabel"].string()) {
    return "the token says that it is of the Isolated Cloud '" + std::string(*label) +
           "': its keys are in a key set of that cloud, whose URL came with the onboarding";
  }
  const std::array<Cloud, 3> clouds{
      {{"https://api.stg.atlassian.com/", "Atlassian's staging", kStagingJwksUrl, kOfStaging},
       {"https://api.atlassian-us-gov-mod.com/", "Atlassian Government Cloud",
        gateway::key_url_of("government"), ""},
       {"https://api.stg.atlassian-us-gov-mod.com/", "the staging of Atlassian Government Cloud",
        gateway::key_url_of("government-staging"), kOfStaging}}};
  const std::string_view api = claims["app"]["apiBaseUrl"].string_or("");
  for (const Cloud& cloud : clouds) {
    if (!api.starts_with(cloud.api) || cloud.keys == jwks) continue;
    return keys_of(cloud.name, cloud.keys).append(cloud.warning);
  }
  const auto url = detail::parse_url(api);
  if (!url || !detail::is_loopback(*url)) return {};
  const std::string keys = detail::origin(*url) + "/.well-known/jwks.json";
  return keys == jwks ? std::string() : keys_of("an emulator on this machine", keys);
}

}  // namespace tongs::cli
