#include "check.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace apigen {

using tongs::JsonView;
using Kind = JsonView::Kind;

namespace {

constexpr std::size_t kMostProblems = 20;
constexpr std::size_t kLongestChain = 32;
constexpr std::array<std::string_view, 8> kMethods = {"get",     "put",  "post",  "delete",
                                                      "options", "head", "patch", "trace"};

std::string below(const std::string& at, std::string_view name) {
  std::string pointer = at + '/';
  for (const char c : name) {
    if (c == '~' || c == '/') {
      pointer += c == '~' ? "~0" : "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

class Check {
 public:
  explicit Check(JsonView document) : document_(document) {}

  std::vector<std::string> run() && {
    if (!document_["openapi"].string_or({}).starts_with("3.")) refuse("", "this is no OpenAPI 3 document");
    const JsonView paths = document_["paths"];
    if (paths.size() == 0) refuse("/paths", "must be an object with paths");
    for (auto path = paths.begin(); path != paths.end(); ++path) check_path(path.key(), *path);
    const JsonView schemas = document_["components"]["schemas"];
    for (auto schema = schemas.begin(); schema != schemas.end(); ++schema)
      must_be(Kind::object, *schema, below("/components/schemas", schema.key()));
    if (problems_.empty()) check_references(document_, "");
    return std::move(problems_);
  }

 private:
  void refuse(const std::string& at, const std::string& what) {
    if (problems_.size() < kMostProblems) problems_.push_back((at.empty() ? "/" : at) + ": " + what);
  }

  bool must_be(Kind kind, JsonView value, const std::string& at) {
    if (value.kind() == kind) return true;
    refuse(at, kind == Kind::object ? "must be an object" : "must be an array");
    return false;
  }

  void check_path(std::string_view path, JsonView item) {
    const std::string at = below("/paths", path);
    if (!path.starts_with('/')) refuse(at, "a path starts with /");
    if (!must_be(Kind::object, item, at)) return;
    check_parameters(item["parameters"], below(at, "parameters"));
    for (auto member = item.begin(); member != item.end(); ++member) {
      if (member.key() == "parameters" || member.key().starts_with("x-")) continue;
      if (std::find(kMethods.begin(), kMethods.end(), member.key()) == kMethods.end()) {
        refuse(below(at, member.key()), "is no method");
      } else if (must_be(Kind::object, *member, below(at, member.key()))) {
        check_operation(*member, below(at, member.key()));
      }
    }
  }

  void check_operation(JsonView operation, const std::string& at) {
    if (operation["operationId"].string_or({}).empty()) refuse(at, "has no operationId");
    if (operation["responses"].size() == 0)
      refuse(below(at, "responses"), "must be an object with responses");
    check_parameters(operation["parameters"], below(at, "parameters"));
  }

  void check_parameters(JsonView parameters, const std::string& at) {
    if (!parameters || !must_be(Kind::array, parameters, at)) return;
    std::size_t index = 0;
    for (const JsonView parameter : parameters) {
      const std::string here = below(at, std::to_string(index++));
      if (!must_be(Kind::object, parameter, here) || parameter["$ref"]) continue;
      const std::string_view in = parameter["in"].string_or({});
      if (in != "path" && in != "query" && in != "header" && in != "cookie")
        refuse(below(here, "in"), "must be path, query, header or cookie");
      if (parameter["name"].string_or({}).empty()) refuse(below(here, "name"), "is missing");
    }
  }

  /// Every `$ref` is followed to something that is none.
  void check_references(JsonView value, const std::string& at) {
    if (problems_.size() == kMostProblems) return;
    const auto reference = value["$ref"].string();
    if (reference && !leads_somewhere(value)) {
      refuse(below(at, "$ref"), "leads nowhere: " + std::string(*reference));
    }
    const bool list = value.kind() == Kind::array;
    std::size_t index = 0;
    for (auto member = value.begin(); member != value.end(); ++member, ++index) {
      check_references(*member, below(at, list ? std::to_string(index) : std::string(member.key())));
    }
  }

  bool leads_somewhere(JsonView value) const {
    for (std::size_t steps = 0; steps < kLongestChain; ++steps) {
      const auto reference = value["$ref"].string();
      if (!reference) return value.kind() == Kind::object;
      if (!reference->starts_with("#/")) return false;
      value = at_pointer(reference->substr(2));
    }
    return false;
  }

  JsonView at_pointer(std::string_view path) const {
    JsonView here = document_;
    while (!path.empty()) {
      const std::size_t slash = std::min(path.find('/'), path.size());
      here = here[path.substr(0, slash)];
      path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return here;
  }

  JsonView document_;
  std::vector<std::string> problems_;
};

/// What a hand table may speak of.
struct Known {
  std::set<std::string> operations;  ///< by id, and by `METHOD /path`
  std::set<std::string> parameters;  ///< `operation.parameter`
  std::set<std::string> paths;       ///< as written
  std::set<std::string> schemas;
};

Known known_of(const Hand& hand, JsonView document, const Api& api) {
  Known known;
  for (auto path = document["paths"].begin(); path != document["paths"].end(); ++path)
    known.paths.emplace(path.key());
  for (const Operation& operation : api.operations) {
    known.operations.insert(operation.id);
    known.operations.insert(operation.method + ' ' + operation.path.substr(hand.prefix.size()));
    for (const Parameter& parameter : operation.parameters)
      known.parameters.insert(operation.id + '.' + parameter.wire);
  }
  for (const auto& [key, schema] : api.schemas) known.schemas.insert(key);
  return known;
}

}  // namespace

std::vector<std::string> problems(JsonView document) { return Check(document).run(); }

std::vector<std::string> stale(const Hand& hand, JsonView document, const Api& api) {
  const Known known = known_of(hand, document, api);
  std::vector<std::string> all;
  const auto look = [&](const char* table, const std::string& name, const std::set<std::string>& among) {
    if (!name.starts_with('@') && !among.contains(name)) all.push_back(std::string(table) + ": " + name);
  };
  for (const auto& [name, value] : hand.operations) look("operations", name, known.operations);
  for (const auto& [name, value] : hand.schemas) look("schemas", name, known.schemas);
  for (const auto& [name, value] : hand.answers) look("answers", name, known.operations);
  for (const auto& [name, value] : hand.bodies) look("bodies", name, known.operations);
  for (const auto& [name, value] : hand.paging) look("paging", name, known.operations);
  for (const auto& [name, value] : hand.parameters) look("parameters", name, known.operations);
  for (const auto& [name, value] : hand.paths) look("paths", name, known.paths);
  for (const auto& [name, value] : hand.headers) look("headers", name, known.operations);
  for (const std::string& name : hand.idempotent) look("idempotent", name, known.operations);
  for (const std::string& name : hand.pairs) look("pairs", name, known.parameters);
  for (const std::string& name : hand.joined) look("joined", name, known.parameters);
  return all;
}

}  // namespace apigen
