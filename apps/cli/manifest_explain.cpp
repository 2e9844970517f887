#include "cli/manifest_explain.hpp"

#include <algorithm>
#include <ostream>
#include <span>
#include <vector>

#include <tongs/manifest/check.hpp>
#include <tongs/manifest/diff.hpp>
#include <tongs/manifest/residency.hpp>

#include "base/nearest.hpp"
#include "cli/exit_status.hpp"

namespace tongs::cli {

namespace {

using Style = Terminal::Style;

void print_example(std::string_view title, Style style, std::string_view yaml, Terminal& terminal) {
  terminal.out() << "\n" << terminal.paint(style, title) << "\n";
  while (!yaml.empty()) {
    const auto end = yaml.find('\n');
    terminal.out() << "  " << printable(yaml.substr(0, end)) << "\n";
    yaml.remove_prefix(end + 1);
  }
}

void print_rule(const manifest::Rule& rule, Terminal& terminal) {
  terminal.out() << terminal.paint(Style::bold, rule.id) << ": " << manifest::to_string(rule.severity)
                 << " of source " << manifest::to_string(rule.source);
  if (!rule.code.empty()) terminal.out() << ", which Forge reports as " << rule.code;
  terminal.out() << "\n\n" << rule.summary << "\n" << rule.mend << "\n";
  print_example("bad", Style::red, rule.bad, terminal);
  print_example("good", Style::green, rule.good, terminal);
}

void print_line(std::string_view id, std::string_view kind, std::string_view summary, Terminal& terminal) {
  terminal.out() << terminal.paint(Style::bold, id) << " (" << kind << "): " << summary << "\n";
}

std::string kind_of(const manifest::Rule& rule) {
  return std::string(manifest::to_string(rule.severity)) + ", " +
         std::string(manifest::to_string(rule.source));
}

std::string_view kind_of(const manifest::ResidencyRule& rule) {
  return rule.eligible ? "eligible" : "not eligible";
}

std::string kind_of(const manifest::DiffRule& rule) {
  return std::string(manifest::to_string(rule.current)) + " today, " +
         std::string(manifest::to_string(rule.announced)) + " as announced";
}

void print_list(Terminal& terminal) {
  for (const auto* rule : manifest::all_rules())
    print_line(rule->id, kind_of(*rule), rule->summary, terminal);
  for (const auto& rule : manifest::residency_rules())
    print_line(rule.id, kind_of(rule), rule.summary, terminal);
  for (const auto& rule : manifest::diff_rules()) print_line(rule.id, kind_of(rule), rule.summary, terminal);
}

/// Explains a rule of residency or diff. False: there is none of that id.
bool print_verdict(std::string_view id, Terminal& terminal) {
  const auto look = [&](auto rules) {
    const auto found =
        std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.id == id; });
    if (found != rules.end()) print_line(found->id, kind_of(*found), found->summary, terminal);
    return found != rules.end();
  };
  return look(manifest::residency_rules()) || look(manifest::diff_rules());
}

int report_unknown(const std::string& id, Terminal& terminal) {
  std::vector<std::string_view> known;
  for (const auto* rule : manifest::all_rules()) known.push_back(rule->id);
  for (const auto& rule : manifest::residency_rules()) known.push_back(rule.id);
  for (const auto& rule : manifest::diff_rules()) known.push_back(rule.id);
  const auto meant = nearest(id, known);
  terminal.err() << "tongs: no rule is called '" << printable(id) << "'"
                 << (meant ? ", did you mean '" + std::string(*meant) + "'?"
                           : std::string(": 'tongs manifest explain --list' names them"))
                 << "\n";
  return kUsage;
}

}  // namespace

int run_manifest_explain(const ManifestExplainOptions& options, Terminal& terminal) {
  if (options.page) {
    terminal.out() << manifest::rules_page();
  } else if (options.list) {
    print_list(terminal);
  } else if (const auto* rule = manifest::find_rule(options.rule)) {
    print_rule(*rule, terminal);
  } else if (!print_verdict(options.rule, terminal)) {
    return report_unknown(options.rule, terminal);
  }
  return kFine;
}

}  // namespace tongs::cli
