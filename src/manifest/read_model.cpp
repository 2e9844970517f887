#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "manifest/content.hpp"

namespace tongs::manifest::detail {

namespace {

using yaml::Node;

std::optional<Located<std::string>> string_at(Node node) {
  if (!node.is_string()) return std::nullopt;
  return Located<std::string>{std::string(node.text()), node.at()};
}

/// The string, or an empty one that stands where `owner` does.
Located<std::string> string_or_empty(Node node, const Position& owner) {
  return string_at(node).value_or(Located<std::string>{{}, node ? node.at() : owner});
}

std::optional<Located<bool>> boolean_at(Node node) {
  const auto value = node.boolean();
  if (!value) return std::nullopt;
  return Located<bool>{*value, node.at()};
}

std::vector<Located<std::string>> strings_in(Node list) {
  std::vector<Located<std::string>> out;
  for (const Node item : list.items()) {
    if (auto text = string_at(item)) out.push_back(std::move(*text));
  }
  return out;
}

std::optional<Operation> operation_named(std::string_view name) noexcept {
  for (const auto operation : {Operation::storage, Operation::compute, Operation::fetch, Operation::other}) {
    if (to_string(operation) == name) return operation;
  }
  return std::nullopt;
}

std::optional<Operations> read_operations(Node node) {
  if (!node) return std::nullopt;
  Operations out{node.at(), {}, node.is_sequence()};
  for (const Node item : node.items()) {
    if (const auto operation = operation_named(item.text()); operation && item.is_string()) {
      out.listed.push_back({*operation, item.at()});
    } else {
      out.legible = false;
    }
  }
  return out;
}

std::optional<BaseUrl> read_base_url(Node node) {
  if (auto url = string_at(node)) {
    BaseUrl out{node.at(), false, {}};
    out.urls.push_back({{"default", node.at()}, std::move(url->value), node.at()});
    return out;
  }
  if (!node.is_mapping()) return std::nullopt;
  BaseUrl out{node.at(), true, {}};
  for (const auto [region, url] : node.entries()) {
    const bool known = std::find(kRegions.begin(), kRegions.end(), region.text()) != kRegions.end();
    if (!known || out.find(region.text()) != nullptr) continue;
    out.urls.push_back({{std::string(region.text()), region.at()},
                        url.is_string() ? std::string(url.text()) : "",
                        url.at()});
  }
  return out;
}

Auth read_auth(Node node) {
  return {node.at(), boolean_at(node["appSystemToken"]["enabled"]),
          boolean_at(node["appUserToken"]["enabled"])};
}

std::optional<Configurable> read_configurable(Node node) {
  if (!node) return std::nullopt;
  return Configurable{node.at(), std::string(node["name"].text()), strings_in(node["supportedPatterns"])};
}

Remote read_remote(Node node) {
  Remote out;
  out.at = node.at();
  out.key = string_or_empty(node["key"], node.at());
  out.base_url = read_base_url(node["baseUrl"]);
  out.operations = read_operations(node["operations"]);
  out.auth = read_auth(node["auth"]);
  if (const Node storage = node["storage"]) out.storage = {storage.at(), boolean_at(storage["inScopeEUD"])};
  out.configurable = read_configurable(node["configurable"]);
  return out;
}

Endpoint read_endpoint(Node node) {
  Endpoint out;
  out.at = node.at();
  out.key = string_or_empty(node["key"], node.at());
  out.remote = string_at(node["remote"]);
  out.service = string_at(node["service"]);
  const Node route = node["route"];
  out.route = string_at(route.is_mapping() ? route["path"] : route);
  out.auth = read_auth(node["auth"]);
  return out;
}

/// `way.key`, cut short: nothing that Forge knows is longer.
std::string extended(const std::string& way, std::string_view key) {
  constexpr std::size_t longest = 255;
  if (way.size() >= longest) return way;
  std::string out = way;
  if (!out.empty()) out += '.';
  return out.append(key.substr(0, longest));
}

/// Collects what names an endpoint or a function, at any depth of a module.
class References {
 public:
  explicit References(std::vector<Reference>& out) : out_(out) {}

  void visit(Node node, const std::string& way, std::size_t depth, bool in_list) {
    for (const Node item : node.items()) visit(item, way, depth, true);
    for (const auto [key, value] : node.entries()) {
      const std::string property = extended(way, key.text());
      if (auto name = string_at(value); name && (key.text() == "endpoint" || key.text() == "function")) {
        const auto to = key.text() == "endpoint" ? Reference::To::endpoint : Reference::To::function;
        out_.push_back({to, std::move(*name), property, depth + 1, in_list});
      }
      visit(value, property, depth + 1, in_list);
    }
  }

 private:
  std::vector<Reference>& out_;
};

/// An event is named by a string, or by a map that also filters it (contract 8.3.1).
std::vector<Located<std::string>> read_events(Node list) {
  std::vector<Located<std::string>> out;
  for (const Node item : list.items()) {
    if (auto event = string_at(item.is_mapping() ? item["eventType"] : item))
      out.push_back(std::move(*event));
  }
  return out;
}

Module read_module(Node type, Node node) {
  Module out;
  out.at = node.at();
  out.type = {std::string(type.text()), type.at()};
  out.key = string_or_empty(node["key"], node.at());
  References(out.references).visit(node, {}, 0, false);
  out.events = read_events(node["events"]);
  out.interval = string_at(node["interval"]);
  out.queue = string_at(node["queue"]);
  return out;
}

constexpr std::size_t kLongestType = 255;

std::vector<Module> read_modules(Node types) {
  std::vector<Module> out;
  for (const auto [type, list] : types.entries()) {
    if (type.text() == "endpoint" || type.text().size() > kLongestType) continue;
    for (const Node item : list.items()) {
      if (item.is_mapping()) out.push_back(read_module(type, item));
    }
  }
  return out;
}

App read_app(Node node) {
  App out;
  out.at = node.at();
  out.id = string_or_empty(node["id"], node.at());
  out.name = node["name"].text();
  out.runtime = node["runtime"]["name"].text();
  out.licensed = node["licensing"]["enabled"].boolean().value_or(false);
  if (const Node connect = node["connect"]; connect.is_mapping()) {
    out.connect =
        Connect{connect.at(), string_or_empty(connect["key"], connect.at()), string_at(connect["remote"])};
  }
  return out;
}

std::vector<Scope> read_scopes(Node node) {
  std::vector<Scope> out;
  for (auto& name : strings_in(node)) out.push_back({std::move(name), false});
  for (const auto [name, settings] : node.entries()) {
    out.push_back(
        {{std::string(name.text()), name.at()}, settings["allowImpersonation"].boolean().value_or(false)});
  }
  return out;
}

std::vector<FetchEntry> read_fetch(Node list) {
  std::vector<FetchEntry> out;
  for (const Node item : list.items()) {
    out.push_back({item.at(), string_at(item.is_mapping() ? item["address"] : item),
                   string_at(item["remote"]), boolean_at(item["inScopeEUD"])});
  }
  return out;
}

Permissions read_permissions(Node node) {
  const Node external = node["external"];
  return {node.at(),
          node["scopes"].at(),
          read_scopes(node["scopes"]),
          read_fetch(external["fetch"]["backend"]),
          read_fetch(external["fetch"]["client"]),
          external["configurable"]["enabled"].boolean().value_or(false)};
}

AuthProvider read_auth_provider(Node node) {
  AuthProvider out{node.at(), string_or_empty(node["key"], node.at()), strings_in(node["remotes"]), {}};
  for (const auto [name, action] : node["actions"].entries()) {
    if (auto remote = string_at(action["remote"])) out.action_remotes.push_back(std::move(*remote));
  }
  return out;
}

template <class Read>
auto read_list(Node list, Read read) {
  std::vector<std::invoke_result_t<Read, Node>> out;
  for (const Node item : list.items()) {
    if (item.is_mapping()) out.push_back(read(item));
  }
  return out;
}

template <class Item>
void index_by_key(const std::vector<Item>& list, std::unordered_map<std::string_view, const Item*>& index) {
  for (const Item& item : list) index.emplace(item.key.value, &item);
}

}  // namespace

void read_model(Content& content) {
  const Node root = content.tree.root();
  content.app = read_app(root["app"]);
  content.remotes = read_list(root["remotes"], read_remote);
  content.endpoints = read_list(root["modules"]["endpoint"], read_endpoint);
  content.modules = read_modules(root["modules"]);
  content.connect_modules = read_modules(root["connectModules"]);
  content.permissions = read_permissions(root["permissions"]);
  content.auth_providers = read_list(root["providers"]["auth"], read_auth_provider);
  content.services = read_list(root["services"], [](Node node) {
    return Service{node.at(), string_or_empty(node["key"], node.at())};
  });
  index_by_key(content.remotes, content.remote_by_key);
  index_by_key(content.endpoints, content.endpoint_by_key);
  index_by_key(content.services, content.service_by_key);
}

}  // namespace tongs::manifest::detail
