#include "gateway/egress/installations.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "gateway/page_query.hpp"

namespace tongs::gateway {

namespace json = boost::json;

namespace {

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
  const auto wanted = PageQuery::parse(query);
  if (!wanted) return wanted.error();
  const auto page = vault.installations(wanted->after, wanted->size, vault::Vault::Which::serving);
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
