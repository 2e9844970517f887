#include "update.hpp"

#include <algorithm>
#include <map>
#include <set>

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

std::string written(JsonView value, int indent, bool names_are_data) {
  const bool object = value.kind() == JsonView::Kind::object;
  if (!object && value.kind() != JsonView::Kind::array) return value.text();
  std::map<std::string, std::string> members;
  std::string out;
  const std::string inner(static_cast<std::size_t>(indent) + 1, ' ');
  for (auto member = value.begin(); member != value.end(); ++member) {
    const std::string_view name = member.key();
    // OpenAPI demands a description of every response.
    if (object && !names_are_data && is_prose(name)) continue;
    std::string text = written(*member, indent + 1, object && !names_are_data && holds_names(name));
    if (object) {
      members.emplace(name, std::move(text));
    } else {
      out += (out.empty() ? "\n" : ",\n") + inner + text;
    }
  }
  for (const auto& [name, text] : members) {
    out += (out.empty() ? "\n" : ",\n") + inner + tongs::json_quote(name) + ": " + text;
  }
  const std::string end = out.empty() ? "" : '\n' + std::string(static_cast<std::size_t>(indent), ' ');
  return (object ? "{" : "[") + out + end + (object ? "}" : "]");
}

std::string signature(const Operation& operation) { return operation.method + " " + operation.path; }

/// Names of what a caller can set or read, with `!` behind what is required.
std::set<std::string> parts(const Operation& operation) {
  std::set<std::string> all;
  for (const Parameter& parameter : operation.parameters)
    all.insert(parameter.wire + (parameter.required ? "!" : ""));
  return all;
}

std::set<std::string> parts(const Schema& schema) {
  std::set<std::string> all;
  for (const Member& member : schema.members) all.insert(member.wire + (member.required ? "!" : ""));
  return all;
}

std::string differences(const std::string& of, const std::set<std::string>& before,
                        const std::set<std::string>& after) {
  std::string out;
  for (const std::string& name : after) {
    if (!before.contains(name)) out += "  + " + of + " " + name + "\n";
  }
  for (const std::string& name : before) {
    if (!after.contains(name)) out += "  - " + of + " " + name + "\n";
  }
  return out;
}

}  // namespace

std::string reduced(JsonView document, int indent) { return written(document, indent, false) + '\n'; }

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
