#include "cli/manifest_check.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include <tongs/manifest/check.hpp>

#include "cli/exit_status.hpp"
#include "cli/finding_print.hpp"
#include "cli/manifest_input.hpp"

namespace tongs::cli {

namespace {

std::size_t errors_in(const manifest::FileReport& report) {
  return static_cast<std::size_t>(std::count_if(
      report.findings.begin(), report.findings.end(),
      [](const manifest::Finding& finding) { return finding.rule->severity == manifest::Severity::error; }));
}

void print_summary(const std::vector<manifest::FileReport>& reports, Terminal& terminal) {
  std::size_t errors = 0;
  std::size_t all = 0;
  for (const auto& report : reports) {
    errors += errors_in(report);
    all += report.findings.size();
  }
  const std::string files = count_of(reports.size(), "file");
  if (all == 0) {
    terminal.out() << terminal.paint(Terminal::Style::green, "no findings") << " in " << files << "\n";
  } else {
    terminal.out() << count_of(errors, "error") << ", " << count_of(all - errors, "warning") << " in "
                   << files << "\n";
  }
}

/// The word of a selection that means nothing, if there is one.
const std::string* unknown_word(const manifest::Selection& selection) {
  for (const auto* words : {&selection.only, &selection.ignored}) {
    const auto found = std::find_if(words->begin(), words->end(),
                                    [](const std::string& word) { return !manifest::names_rules(word); });
    if (found != words->end()) return &*found;
  }
  return nullptr;
}

void print_report(const std::vector<manifest::FileReport>& reports, ReportFormat format, Terminal& terminal) {
  switch (format) {
    case ReportFormat::human:
      if (!reports.empty()) print_summary(reports, terminal);
      break;
    case ReportFormat::json:
      terminal.out() << manifest::to_json(reports) << "\n";
      break;
    case ReportFormat::sarif:
      terminal.out() << manifest::to_sarif(reports, TONGS_VERSION) << "\n";
      break;
    case ReportFormat::github:
      terminal.out() << manifest::to_github(reports);
      break;
  }
}

}  // namespace

int run_manifest_check(const ManifestCheckOptions& options, Terminal& terminal) {
  if (std::count(options.files.begin(), options.files.end(), "-") > 1) {
    terminal.err() << "tongs: only one of the manifests can come from standard input\n";
    return kUsage;
  }
  if (const auto* word = unknown_word(options.selection)) {
    terminal.err() << "tongs: no rule is called '" << printable(*word)
                   << "': 'tongs manifest explain --list' names them\n";
    return kUsage;
  }
  std::vector<manifest::FileReport> reports;
  bool unreadable = false;
  for (const auto& named : options.files) {
    const auto files = manifests_at(named, terminal);
    unreadable = unreadable || files.empty();
    for (const auto& file : files) {
      const auto read = read_manifest(file, terminal);
      if (!read) {
        unreadable = true;
        continue;
      }
      reports.push_back({file, manifest::check(read->manifest)});
      manifest::select(reports.back().findings, options.selection);
      if (options.format == ReportFormat::human) {
        print_findings(terminal.out(), file, read->text, reports.back().findings, terminal);
      }
    }
  }
  print_report(reports, options.format, terminal);
  if (unreadable) return kUsage;
  return std::all_of(reports.begin(), reports.end(), [](const auto& report) { return report.ok(); })
             ? kFine
             : kFindings;
}

}  // namespace tongs::cli
