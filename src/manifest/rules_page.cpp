// docs/rules.md, from the same records that check, residency and diff use.
#include <tongs/manifest/check.hpp>
#include <tongs/manifest/diff.hpp>
#include <tongs/manifest/residency.hpp>

namespace tongs::manifest {

namespace {

constexpr std::string_view kHead = R"(# Rules of `tongs manifest`

`tongs manifest explain RULE` shows a rule on the terminal. A finding of `check` has a source: `forge` (the official tool
reports it too, under the code in parentheses), `reference` (the manifest reference says so, the official tool does not look)
or `tongs` (our advice). A comment `# tongs-ignore RULE` excuses its own line, or the next one if it stands alone.

This page is made by `tongs manifest explain --page`: change the records in `src/manifest`, not this page.
)";

void append_example(std::string& out, std::string_view title, std::string_view yaml) {
  out.append("\n").append(title).append("\n\n```yaml\n").append(yaml).append("```\n");
}

void append_rule(std::string& out, const Rule& rule) {
  out.append("\n### ").append(rule.id).append("\n\n");
  out.append(to_string(rule.severity)).append(", ").append(to_string(rule.source));
  if (!rule.code.empty()) out.append(" (`").append(rule.code).append("`)");
  out.append(". ").append(rule.summary).append(" ").append(rule.mend).append("\n");
  append_example(out, "Bad:", rule.bad);
  append_example(out, "Good:", rule.good);
}

}  // namespace

std::string rules_page() {
  std::string out(kHead);
  out += "\n## check\n";
  for (const Rule* rule : all_rules()) append_rule(out, *rule);
  out += "\n## residency\n\n| reason | eligible | when |\n| --- | --- | --- |\n";
  for (const ResidencyRule& rule : residency_rules()) {
    out.append("| ").append(rule.id).append(rule.eligible ? " | yes | " : " | no | ");
    out.append(rule.summary).append(" |\n");
  }
  out += "\n## diff\n\n| change | today | announced | when |\n| --- | --- | --- | --- |\n";
  for (const DiffRule& rule : diff_rules()) {
    out.append("| ").append(rule.id).append(" | ").append(to_string(rule.current)).append(" | ");
    out.append(to_string(rule.announced)).append(" | ").append(rule.summary).append(" |\n");
  }
  return out;
}

}  // namespace tongs::manifest
