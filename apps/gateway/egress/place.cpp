#include "gateway/egress/place.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace tongs::gateway {

namespace {

constexpr std::array<std::pair<std::string_view, Api>, 4> kPrefixes = {
    {{"/jira", Api::jira},
     {"/confluence", Api::confluence},
     {"/bitbucket", Api::bitbucket},
     {"/forge/storage/kvs/v1", Api::storage}}};

/// With a slash behind it as Containers write it (contract 6.1.5).
constexpr std::array<std::string_view, 2> kGraphql = {"/atlassian/graphql", "/atlassian/graphql/"};

/// Of Containers alone (contract 6.1.5).
constexpr std::array<std::string_view, 8> kContainersOnly = {"/proxy",
                                                             "/forge/storage/os",
                                                             "/forge/storage/sql",
                                                             "/forge/realtime",
                                                             "/forge/webtrigger",
                                                             "/forge/llm",
                                                             "/atlassian/forge/events",
                                                             "/atlassian/forge/installation"};

/// Is `path` `prefix` itself, or below it?
bool is_below(std::string_view path, std::string_view prefix) noexcept {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

std::string_view to_string(Api api) noexcept {
  constexpr std::array<std::string_view, kApis> names = {"jira", "confluence", "bitbucket", "graphql",
                                                         "storage"};
  return names[static_cast<std::size_t>(api)];
}

std::optional<Place> place_of(std::string_view target) noexcept {
  const std::string_view path = target.substr(0, target.find('?'));
  for (const auto& [prefix, api] : kPrefixes) {
    if (path.size() > prefix.size() && is_below(path, prefix))
      return Place{api, target.substr(prefix.size())};
  }
  const bool is_graphql = std::ranges::find(kGraphql, path) != kGraphql.end();
  return is_graphql ? std::optional(Place{Api::graphql, target.substr(path.size())}) : std::nullopt;
}

std::optional<net::Response> refused_place(std::string_view path) {
  const bool known =
      std::ranges::any_of(kContainersOnly, [&](std::string_view prefix) { return is_below(path, prefix); });
  if (!known) return std::nullopt;
  return net::Response::problem(501, "containers-only",
                                "Atlassian offers this to Forge Containers alone: there is no API that a "
                                "Remote's token is good for");
}

Result<std::string_view> product_base(const vault::Installation& installation, Api api) {
  const std::string_view product = to_string(api);
  for (const vault::ProductContext& context : installation.contexts) {
    if (context.name == product) return std::string_view(context.api_base_url);
  }
  const std::string& own = installation.api_base_url;
  if (own.find("/ex/" + std::string(product) + "/") != std::string::npos) return std::string_view(own);
  return Error(Errc::not_found, "the app is not installed in that product on this site");
}

}  // namespace tongs::gateway
