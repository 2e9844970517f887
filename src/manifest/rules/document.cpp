#include <algorithm>
#include <array>
#include <string>

#include "base/nearest.hpp"
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

void top_level_is_spelt_right(const Manifest& manifest, Report& report) {
  for (const auto [key, value] : root_of(manifest).entries()) {
    if (contains(kTopLevel, key.text()) || contains(kOtherTopLevel, key.text())) continue;
    const auto hint = report.hint(key.text(), kTopLevel, "");
    if (!hint.empty()) report.add(key, "unknown property " + quoted(key.text()) + " of the manifest" + hint);
  }
}

/// Properties that stand one level too deep, or under the name of a neighbour.
void report_misplaced(Node map, std::string_view where, Report& report) {
  for (const auto [key, value] : map.entries()) {
    if (key.text() != "remotes" && nearest(key.text(), {"remotes"}) != "remotes") continue;
    if (where == "modules" && key.text() == "remote") continue;
    report.add(key, quoted(key.text()) + " does not belong into " + quoted(where) +
                        ": 'remotes' stands at the top of the manifest, without indentation");
  }
}

void remotes_stand_at_the_top(const Manifest& manifest, Report& report) {
  report_misplaced(root_of(manifest)["app"], "app", report);
  report_misplaced(root_of(manifest)["modules"], "modules", report);
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
          top_level_is_spelt_right},
    Entry{forge_error("remotes-misplaced", kDocument, "`remotes` stands at the top of the manifest.",
                      "Move it out of `app` or `modules`, without indentation.", R"(
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
          remotes_stand_at_the_top},
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
