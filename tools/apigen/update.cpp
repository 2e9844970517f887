#include "update.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <set>
#include <vector>

namespace apigen {

using tongs::JsonView;

namespace {

/// Prose, and what only readers of prose need.
bool is_prose(std::string_view name) {
  static const std::set<std::string_view> names = {"description",
                                                   "summary",
                                                   "example",
                                                   "examples",
                                                   "externalDocs",
                                                   "xml",
                                                   "contact",
                                                   "termsOfService",
                                                   "x-atlassian-narrative",
                                                   "x-atlassian-connect-scope",
                                                   "x-showInExample",
                                                   "x-atlassian-data-security-policy"};
  return names.contains(name);
}

/// In these objects names are data.
bool holds_names(std::string_view name) {
  return name == "properties" || name == "schemas" || name == "paths" || name == "responses" ||
         name == "parameters" || name == "requestBodies" || name == "headers" || name == "scopes";
}

/// What upstream says although it is so without being said.
bool is_default(std::string_view name, JsonView value) {
  static const std::set<std::string_view> flags = {"deprecated", "required",    "nullable",      "readOnly",
                                                   "writeOnly",  "uniqueItems", "x-experimental"};
  return value.boolean() == false && flags.contains(name);
}

constexpr int kLinesAsDeepAs = 3;

std::string written(JsonView value, int depth, bool names_are_data) {
  const bool object = value.kind() == JsonView::Kind::object;
  if (!object && value.kind() != JsonView::Kind::array) return value.text();
  std::vector<std::string> parts;
  std::map<std::string, std::string> members;
  for (auto member = value.begin(); member != value.end(); ++member) {
    const std::string_view name = member.key();
    const bool keyword = object && !names_are_data;
    if (keyword && (is_prose(name) || is_default(name, *member))) continue;
    std::string text = written(*member, depth + 1, keyword && holds_names(name));
    if (object) {
      members.emplace(name, std::move(text));
    } else {
      parts.push_back(std::move(text));
    }
  }
  for (const auto& [name, text] : members) parts.push_back(tongs::json_quote(name) + ":" + text);
  const std::string line = depth < kLinesAsDeepAs && !parts.empty()
                               ? '\n' + std::string(static_cast<std::size_t>(depth), ' ')
                               : std::string();
  std::string out = object ? "{" : "[";
  bool first = true;
  for (const std::string& part : parts) {
    out.append(first ? "" : ",").append(line).append(line.empty() ? "" : " ").append(part);
    first = false;
  }
  return out.append(line).append(object ? "}" : "]");
}

std::string signature(const Operation& operation) { return operation.method + " " + operation.path; }

std::string text_of(const Type& type) {
  constexpr std::array<const char*, 8> kinds = {"any",     "string", "integer", "number",
                                                "boolean", "object", "list",    "map"};
  std::string text = kinds.at(static_cast<std::size_t>(type.kind));
  if (!type.schema.empty()) text += ' ' + type.schema;
  if (type.element) text += " of " + text_of(*type.element);
  if (!type.values.empty()) text += " of";
  for (const std::string& value : type.values) text += ' ' + value;
  return text;
}

/// What a caller can set or read, by its name: what it is, with `!` if it is required.
using Parts = std::map<std::string, std::string>;

std::string text_of(const Body& body) {
  constexpr std::array<const char*, 6> kinds = {"none", "object", "any", "JSON Patch", "files", "bytes"};
  std::string text = kinds.at(static_cast<std::size_t>(body.kind));
  for (const std::string& field : body.fields) text += ' ' + field;
  return text + (body.schema.empty() ? "" : ' ' + body.schema) +
         (body.required && body.kind != Body::Kind::none ? "!" : "");
}

std::string text_of(const Answer& answer) {
  constexpr std::array<const char*, 6> kinds = {"none", "any", "object", "list of", "reply", "download"};
  return kinds.at(static_cast<std::size_t>(answer.kind)) + (answer.schema.empty() ? "" : ' ' + answer.schema);
}

Parts parts(const Operation& operation) {
  Parts all{{"(body)", text_of(operation.body)}, {"(answer)", text_of(operation.answer)}};
  for (const Parameter& parameter : operation.parameters)
    all.emplace(parameter.wire, text_of(parameter.type) + (parameter.required ? "!" : ""));
  return all;
}

Parts parts(const Schema& schema) {
  Parts all;
  for (const Member& member : schema.members)
    all.emplace(member.wire, text_of(member.type) + (member.required ? "!" : ""));
  return all;
}

std::string differences(const std::string& of, const Parts& before, const Parts& after) {
  const auto required = [](const std::string& what) { return what.ends_with('!') ? "!" : ""; };
  std::string out;
  const auto tell = [&](std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) out += word;
    out += '\n';
  };
  for (const auto& [name, what] : after) {
    const auto was = before.find(name);
    if (was == before.end()) {
      tell({"  + ", of, " ", name, required(what)});
    } else if (was->second != what) {
      tell({"  ", of, " ", name, " was ", was->second, ", is ", what});
    }
  }
  for (const auto& [name, what] : before) {
    if (!after.contains(name)) tell({"  - ", of, " ", name, required(what)});
  }
  return out;
}

}  // namespace

std::string reduced(JsonView document) { return written(document, 0, false) + '\n'; }

bool is_another_api(const Api& before, const Api& after) {
  std::set<std::string> known;
  for (const Operation& operation : after.operations) known.insert(signature(operation));
  const auto kept = std::count_if(before.operations.begin(), before.operations.end(),
                                  [&](const Operation& each) { return known.contains(signature(each)); });
  return static_cast<std::size_t>(kept) * 2 < before.operations.size();
}

std::string changes(const Api& before, const Api& after) {
  std::map<std::string, const Operation*> old;
  for (const Operation& operation : before.operations) old[signature(operation)] = &operation;
  std::string out;
  for (const Operation& operation : after.operations) {
    const auto known = old.find(signature(operation));
    if (known == old.end()) {
      out += "+ " + signature(operation) + " " + operation.id + "\n";
      continue;
    }
    const Operation& was = *known->second;
    if (was.name != operation.name) out += "  renamed " + was.name + " to " + operation.name + "\n";
    if (!was.deprecated && operation.deprecated) out += "  deprecated " + operation.name + "\n";
    if (was.classic != operation.classic || was.granular != operation.granular)
      out += "  other scopes " + operation.name + "\n";
    out += differences(operation.name, parts(was), parts(operation));
    old.erase(known);
  }
  for (const auto& [name, operation] : old) out += "- " + name + " " + operation->id + "\n";
  for (const auto& [key, schema] : after.schemas) {
    const auto known = before.schemas.find(key);
    if (known != before.schemas.end()) out += differences(key, parts(known->second), parts(schema));
  }
  return out;
}

}  // namespace apigen
