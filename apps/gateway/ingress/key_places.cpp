#include "gateway/ingress/key_places.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <tongs/jwks.hpp>

namespace tongs::gateway {

namespace {

constexpr std::string_view kPlaceholder = "{IC_LABEL}";
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kClouds = {
    {{"production", kProductionJwksUrl},
     {"staging", kStagingJwksUrl},
     {"government", "https://forge.cdn.prod.atlassian-dev-us-gov-mod.net/.well-known/jwks.json"},
     {"government-staging", "https://forge.cdn.stg.atlassian-dev-us-gov-mod.net/.well-known/jwks.json"}}};

}  // namespace

std::string_view key_url_of(std::string_view environment) noexcept {
  const auto found = std::ranges::find(kClouds, environment, [](const auto& cloud) { return cloud.first; });
  return found == kClouds.end() ? std::string_view() : found->second;
}

bool is_isolated_cloud_label(std::string_view label) noexcept {
  return !label.empty() && label.size() <= 50 && std::ranges::all_of(label, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

Result<detail::Url> isolated_cloud_url(std::string_view pattern, std::string_view label) {
  const auto place = pattern.find(kPlaceholder);
  if (place == std::string_view::npos || pattern.find(kPlaceholder, place + 1) != std::string_view::npos) {
    return Error(Errc::invalid_argument, "must have {IC_LABEL} once, where the label of the cloud stands");
  }
  if (!is_isolated_cloud_label(label)) {
    return Error(Errc::invalid_argument, "the label of an Isolated Cloud has letters, digits, - and _ only");
  }
  std::string text(pattern);
  auto url = detail::parse_url(text.replace(place, kPlaceholder.size(), label));
  if (!url || !detail::is_https_or_loopback(*url)) {
    return Error(Errc::invalid_argument,
                 "must be an https URL: whoever can change the keys on their way can forge every invocation");
  }
  return url;
}

}  // namespace tongs::gateway
