#include "hand.hpp"

namespace apigen {

using tongs::JsonView;

namespace {

std::map<std::string, std::string> texts(JsonView object) {
  std::map<std::string, std::string> all;
  for (auto member = object.begin(); member != object.end(); ++member) {
    all.emplace(member.key(), (*member).string_or({}));
  }
  return all;
}

std::set<std::string> set_of(JsonView array) {
  std::set<std::string> all;
  for (const JsonView value : array) all.emplace(value.string_or({}));
  return all;
}

Paging paging_of(JsonView json) {
  return {.kind = std::string(json["kind"].string_or("offset")),
          .items = std::string(json["items"].string_or({})),
          .parameter = std::string(json["parameter"].string_or({})),
          .next = std::string(json["next"].string_or({})),
          .in_body = json["inBody"].boolean().value_or(false),
          .one_page = json["onePage"].boolean().value_or(false),
          .item_schema = std::string(json["of"].string_or({}))};
}

Shortcut shortcut_of(std::string_view name, JsonView path) {
  Shortcut made{std::string(name), {}};
  for (const JsonView step : path) made.path.emplace_back(step.string_or({}));
  return made;
}

}  // namespace

tongs::Result<Hand> Hand::parse(const std::string& text) {
  const auto document = tongs::JsonDocument::parse(text, {.unique_names = true});
  if (!document) return document.error();
  const JsonView root = document->root();
  const auto one = [&](const char* name) { return std::string(root[name].string_or({})); };
  Hand hand{.space = one("namespace"),
            .folder = one("folder"),
            .product = one("product"),
            .shares = one("shares"),
            .prefix = one("prefix"),
            .operations = texts(root["operations"]),
            .schemas = texts(root["schemas"]),
            .answers = texts(root["answers"]),
            .bodies = texts(root["bodies"]),
            .paging = {},
            .shortcuts = {},
            .headers = {},
            .parameters = {},
            .paths = texts(root["paths"]),
            .idempotent = set_of(root["idempotent"]),
            .pairs = set_of(root["pairs"]),
            .joined = set_of(root["joined"])};
  for (auto entry = root["paging"].begin(); entry != root["paging"].end(); ++entry) {
    hand.paging.emplace(entry.key(), paging_of(*entry));
  }
  for (auto type = root["shortcuts"].begin(); type != root["shortcuts"].end(); ++type) {
    for (auto name = (*type).begin(); name != (*type).end(); ++name) {
      hand.shortcuts[std::string(type.key())].push_back(shortcut_of(name.key(), *name));
    }
  }
  for (auto operation = root["parameters"].begin(); operation != root["parameters"].end(); ++operation) {
    for (const auto& [name, type] : texts(*operation)) {
      hand.parameters[std::string(operation.key())].emplace_back(name, type);
    }
  }
  for (const JsonView rule : root["headers"]) {
    for (const JsonView operation : rule["operations"]) {
      hand.headers.emplace_back(operation.string_or({}), std::pair{std::string(rule["name"].string_or({})),
                                                                   std::string(rule["value"].string_or({}))});
    }
  }
  return hand;
}

}  // namespace apigen
