#include <algorithm>
#include <array>
#include <string>

#include "base/nearest.hpp"
#include "manifest/content.hpp"
#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

using yaml::Node;
using yaml::Problem;

/// What remotes, endpoints and permissions depend on. Other properties of the manifest are not our business.
constexpr std::array<std::string_view, 7> kTopLevel{"modules",   "connectModules", "permissions", "remotes",
                                                    "providers", "environment",    "services"};
constexpr std::array<std::string_view, 4> kOtherTopLevel{"app", "resources", "translations", "overrides"};
/// What may be called so there, though it is a property of something else, too.
constexpr std::array<std::string_view, 1> kOfApp{"connect"};
constexpr std::array<std::string_view, 3> kOfModules{"remote", "endpoint", "migration:dataResidency"};
constexpr std::array<std::string_view, 1> kNotOfModules{"remotes"};  // misplaced, which is another rule's

/// The place to which a property belongs.
struct Owner {
  std::string_view name;
  std::string_view place;
};

template <Problem::Kind kind>
void report_problem(const Manifest& manifest, Report& report) {
  for (const Problem& problem : manifest.content().tree.problems()) {
    if (problem.kind == kind) report.add(problem.at, problem.message);
  }
}

bool could_be_read(const Manifest& manifest) {
  const auto& problems = manifest.content().tree.problems();
  return root_of(manifest) || problems.empty();
}

void document_is_a_map(const Manifest& manifest, Report& report) {
  const Node root = root_of(manifest);
  if (root.is_mapping() || !could_be_read(manifest)) return;
  report.add(root ? root.at() : Position{1, 1, 0},
             "a manifest is a map with 'app', 'modules' and so on" +
                 (root ? instead_of(root) : std::string(", this file is empty")));
}

void report_misspelt(Node map, std::string_view where, Names wanted, Names others, Report& report) {
  for (const auto [key, value] : map.entries()) {
    if (contains(wanted, key.text()) || contains(others, key.text())) continue;
    const auto hint = report.hint(key.text(), wanted, "");
    if (!hint.empty())
      report.add(key, "unknown property " + quoted(key.text()) + " of " + std::string(where) + hint);
  }
}

void parts_are_spelt_right(const Manifest& manifest, Report& report) {
  const Node root = root_of(manifest);
  report_misspelt(root, "the manifest", kTopLevel, kOtherTopLevel, report);
  report_misspelt(root["app"], "'app'", kOfApp, {}, report);
  report_misspelt(root["modules"], "'modules'", kOfModules, kNotOfModules, report);
}

/// Properties of remotes, endpoints, permissions and what names them: elsewhere they mean nothing.
constexpr std::array kOwners = {
    Owner{"remotes", "the top of the manifest"},
    Owner{"permissions", "the top of the manifest"},
    Owner{"providers", "the top of the manifest"},
    Owner{"environment", "the top of the manifest"},
    Owner{"services", "the top of the manifest"},
    Owner{"connectModules", "the top of the manifest"},
    Owner{"modules", "the top of the manifest"},
    Owner{"connect", "'app'"},
    Owner{"remote", "an entry of 'modules.endpoint'"},
    Owner{"baseUrl", "an entry of 'remotes'"},
    Owner{"operations", "an entry of 'remotes'"},
    Owner{"auth", "an entry of 'remotes' or of 'modules.endpoint'"},
    Owner{"inScopeEUD", "'storage' of a remote"},
    Owner{"configurable", "an entry of 'remotes'"},
    Owner{"supportedPatterns", "'configurable' of a remote"},
    Owner{"appSystemToken", "'auth'"},
    Owner{"appUserToken", "'auth'"},
    Owner{"endpoint", "a module"},
    Owner{"resolver", "a module"},
    Owner{"route", "an entry of 'modules.endpoint'"},
    Owner{"scopes", "'permissions'"},
    Owner{"external", "'permissions'"},
    Owner{"fetch", "'permissions.external'"},
    Owner{"backend", "'permissions.external.fetch'"},
    Owner{"client", "'permissions.external.fetch'"},
    Owner{"authentication", "'app.connect'"},
    Owner{"migration:dataResidency", "'modules'"},
    Owner{"unlicensedAccess", "nothing of the back end"},
};

/// Where a property of that name belongs; null if it is none of ours.
const Owner* owner_of(std::string_view name) {
  const auto found =
      std::find_if(kOwners.begin(), kOwners.end(), [&](const Owner& owner) { return owner.name == name; });
  if (found != kOwners.end()) return &*found;
  return nearest(name, {"remotes"}) == "remotes" ? &kOwners.front() : nullptr;
}

void report_misplaced(Node map, std::string_view where, Names own, Report& report) {
  for (const auto [key, value] : map.entries()) {
    const Owner* owner = contains(own, key.text()) ? nullptr : owner_of(key.text());
    if (owner == nullptr) continue;
    report.add(key, quoted(key.text()) + " does not belong into " + std::string(where) + ": it stands in " +
                        std::string(owner->place));
  }
}

void properties_stand_where_they_belong(const Manifest& manifest, Report& report) {
  const Node root = root_of(manifest);
  std::vector<std::string_view> top(kTopLevel.begin(), kTopLevel.end());
  top.insert(top.end(), kOtherTopLevel.begin(), kOtherTopLevel.end());
  for (const auto [key, value] : root.entries()) {
    if (nearest(key.text(), kTopLevel)) top.push_back(key.text());  // misspelt: that is another rule's
  }
  report_misplaced(root, "the top of the manifest", top, report);
  report_misplaced(root["app"], "'app'", kOfApp, report);
  report_misplaced(root["modules"], "'modules'", kOfModules, report);
}

void check_variable(Node variable, Report& report) {
  constexpr std::array<std::string_view, 2> known{"key", "default"};
  const Node key = variable.is_mapping() ? variable["key"] : variable;
  report_unknown_properties(variable, known, "a variable", report);
  if (!key) {
    report.add(variable, "this variable has no 'key': add its name");
  } else if (is_text(key, "the name of a variable is text", report) &&
             !detail::is_variable_name(key.text())) {
    report.add(key, "the name of a variable has letters, digits and '_', and does not start with a digit");
  }
  if (!variable.is_mapping()) return;
  if (!variable["default"])
    report.add(variable, "this variable has no 'default': add one, or write its name alone");
  is_text(variable["default"], "'default' is text", report);
}

void variables_are_listed(const Manifest& manifest, Report& report) {
  constexpr std::array<std::string_view, 1> known{"variables"};
  const Node environment = root_of(manifest)["environment"];
  is_map(environment, "'environment' is a map with 'variables'", report);
  report_unknown_properties(environment, known, "'environment'", report);
  is_list(environment["variables"], "'variables' is a list", report);
  for (const Node variable : environment["variables"].items()) check_variable(variable, report);
}

void variables_have_values(const Manifest& manifest, Report& report) {
  for (const auto& [name, at] : manifest.content().unset_variables) {
    report.add(at, "the variable " + quoted(name) +
                       " has no value: set it in the environment, or give it a 'default' "
                       "in 'environment.variables'");
  }
}

constexpr std::array kEntries = {
    Entry{forge_error("yaml-syntax", kYaml, "The file is YAML 1.2.",
                      "Mend the place; nothing else can be checked before.",
                      R"(
remotes:
  - key: backend
   baseUrl: https://api.example.com
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          report_problem<Problem::Kind::syntax>},
    Entry{forge_error("yaml-duplicate-key", kYaml, "A key stands once in a map.",
                      "Remove one, or merge the two values.",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
    baseUrl: https://files.example.com
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          report_problem<Problem::Kind::duplicate_key>},
    Entry{forge_error("yaml-several-documents", kYaml, "The file is one YAML document.",
                      "Remove the line `---` and what follows it.", R"(
app:
  id: ari:cloud:ecosystem::app/6b0d0c1e-0000-4000-8000-000000000001
---
remotes: []
)",
                      R"(
app:
  id: ari:cloud:ecosystem::app/6b0d0c1e-0000-4000-8000-000000000001
remotes: []
)"),
          report_problem<Problem::Kind::several_documents>},
    Entry{forge_error("yaml-undefined-alias", kYaml, "An alias (`*name`) stands after its anchor (`&name`).",
                      "Define the anchor before it, or put text that starts with `*` in quotes.", R"(
remotes:
  - key: backend
    baseUrl: *url
)",
                      R"(
remotes:
  - key: backend
    baseUrl: &url https://api.example.com
  - key: files
    baseUrl: *url
)"),
          report_problem<Problem::Kind::unresolved_alias>},
    Entry{
        tongs_error(
            "yaml-limits",
            "The file has at most 1 MiB, 64 levels, 200000 nodes with aliases followed, and 20000 brackets, "
            "commas and colons on a line.",
            "Make it smaller: no manifest needs so much.", R"(
remotes: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
)",
            R"(
remotes: []
)"),
        report_problem<Problem::Kind::limits>},
    Entry{tongs_error("yaml-encoding", "The file is UTF-8 without control characters.",
                      "Save it as UTF-8, and remove the control characters.", "\nremotes: [] # \x01\n", R"(
remotes: []
)"),
          report_problem<Problem::Kind::encoding>},
    Entry{
        tongs_error("yaml-version", "The file does not ask for YAML 1.1.",
                    "Remove the `%YAML` line: under 1.1 words such as `no` and `on` mean something else.", R"(
%YAML 1.1
---
remotes: []
)",
                    R"(
remotes: []
)"),
        report_problem<Problem::Kind::version>},
    Entry{forge_error("document-map", kDocument, "The document is a map.",
                      "Write `app:`, `modules:` and so on.", R"(
- remotes
)",
                      R"(
remotes: []
)"),
          document_is_a_map},
    Entry{forge_error("document-misspelt-property", kDocument,
                      "The parts of the manifest are spelt as Forge knows them.",
                      "Correct the spelling; upper and lower case count.", R"(
remote:
  - key: backend
    baseUrl: https://api.example.com
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          parts_are_spelt_right},
    Entry{forge_error(
              "remotes-misplaced", kDocument,
              "`remotes` stands at the top of the manifest, and what belongs to a remote, an endpoint or the "
              "permissions stands there.",
              "Move it to its place: mind the indentation.", R"(
app:
  remotes:
    - key: backend
      baseUrl: https://api.example.com
)",
              R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          properties_stand_where_they_belong},
    Entry{forge_error("environment-shape", kDocument,
                      "`environment.variables` is a list of names, or of maps with `key` and `default`.",
                      "Give each variable a name of letters, digits and `_`, and text as its default.", R"(
environment:
  variables:
    - key: PORT
      default: 8080
)",
                      R"(
environment:
  variables:
    - key: PORT
      default: '8080'
)"),
          variables_are_listed},
    Entry{forge_error(
              "variable-without-value", kYaml,
              "A variable that is listed in `environment.variables` and used as `${NAME}` has a value in the "
              "environment, or a default.",
              "Set the variable, or give it a `default`.", R"(
environment:
  variables:
    - TONGS_EXAMPLE_URL
remotes:
  - key: backend
    baseUrl: ${TONGS_EXAMPLE_URL}
)",
              R"(
environment:
  variables:
    - key: TONGS_EXAMPLE_URL
      default: https://api.example.com
remotes:
  - key: backend
    baseUrl: ${TONGS_EXAMPLE_URL}
)"),
          variables_have_values},
};

}  // namespace

std::span<const Entry> document() { return kEntries; }

}  // namespace tongs::manifest::rules
