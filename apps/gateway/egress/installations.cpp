#include "gateway/egress/installations.hpp"

#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "http/url.hpp"

namespace tongs::gateway {

namespace json = boost::json;

namespace {

constexpr std::size_t kLargestPage = 100;

std::string context_text(const vault::ProductContext& context) {
  return "ari:cloud:" + context.name + "::site/" + context.cloud_id;
}

json::object describe(const vault::Installation& installation) {
  json::object text;
  text["id"] = std::string(installation.id.bare());
  text["installationContext"] =
      installation.context ? json::value(installation.context->str()) : json::value(nullptr);
  text["version"] = installation.app_version;
  json::array secondary;
  for (const vault::ProductContext& context : installation.contexts) {
    const std::string ari = context_text(context);
    if (!context.cloud_id.empty() && (!installation.context || ari != installation.context->str())) {
      secondary.emplace_back(ari);
    }
  }
  text["secondaryInstallationContexts"] = std::move(secondary);
  return text;
}

}  // namespace

Result<net::Response> list_installations(const vault::Vault& vault, std::string_view query) {
  const auto pairs = detail::parse_query(query);
  if (!pairs) return Error(Errc::invalid_argument, "the query cannot be decoded");
  std::size_t size = kLargestPage;
  std::optional<InstallationId> after;
  for (const auto& [name, value] : *pairs) {
    if (name == "pageSize") {
      const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), size);
      if (failed != std::errc() || end != value.data() + value.size() || size < 1 || size > kLargestPage) {
        return Error(Errc::invalid_argument, "pageSize is a number from 1 to 100");
      }
    } else if (name == "cursor" && !value.empty()) {
      auto id = InstallationId::parse(value);
      if (!id) return Error(Errc::invalid_argument, "the cursor is not one that an earlier page gave");
      after = *std::move(id);
    }
  }
  const auto page = vault.installations(after, size, vault::Vault::Which::serving);
  json::array list;
  for (const auto& installation : page.installations) list.push_back(describe(*installation));
  json::object body;
  body["installations"] = std::move(list);
  body["cursor"] = page.next ? json::value(std::string(page.next->bare())) : json::value(nullptr);
  return net::Response::json(200, json::serialize(body));
}

Result<net::Response> show_installation(const vault::Vault& vault, std::string_view id) {
  auto parsed = InstallationId::parse(id);
  if (!parsed) return std::move(parsed).error();
  const auto installation = vault.installation(*parsed);
  if (!installation || !installation->serves()) return Error(Errc::not_found, "no such installation");
  return net::Response::json(200, json::serialize(describe(*installation)));
}

}  // namespace tongs::gateway
