#include "cli/manifest_check.hpp"

#include <algorithm>
#include <optional>
#include <ostream>
#include <utility>

#include <tongs/manifest/check.hpp>

#include "cli/exit_status.hpp"
#include "cli/finding_print.hpp"
#include "cli/manifest_calls.hpp"
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

struct Checked {
  std::vector<manifest::FileReport> files;
  std::vector<AppCalls::Comparison> calls;

  bool ok() const {
    return std::all_of(files.begin(), files.end(), [](const auto& file) { return file.ok(); }) &&
           std::all_of(calls.begin(), calls.end(), [](const auto& compared) { return compared.ok(); });
  }
};

/// The report of the files, with a member `calls` if calls were looked at.
std::string json_of(const Checked& checked) {
  std::string text = manifest::to_json(checked.files);
  if (checked.calls.empty()) return text;
  text.back() = ',';
  text += "\"calls\":[";
  for (const auto& compared : checked.calls) text.append(compared.json()).append(",");
  text.back() = ']';
  return text + "}";
}

void print_report(const Checked& checked, ReportFormat format, Terminal& terminal) {
  switch (format) {
    case ReportFormat::human:
      for (const auto& compared : checked.calls) terminal.out() << compared.human();
      if (!checked.files.empty()) print_summary(checked.files, terminal);
      break;
    case ReportFormat::json:
      terminal.out() << json_of(checked) << "\n";
      break;
    case ReportFormat::sarif:
      terminal.out() << manifest::to_sarif(checked.files, TONGS_VERSION) << "\n";
      break;
    case ReportFormat::github:
      terminal.out() << manifest::to_github(checked.files);
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
  const bool tells_of_calls = options.format == ReportFormat::human || options.format == ReportFormat::json;
  if (!options.calls.empty() && !tells_of_calls) {
    terminal.err() << "tongs: --calls reports as human or json only\n";
    return kUsage;
  }
  std::optional<AppCalls> calls;
  if (!options.calls.empty()) {
    calls = AppCalls::read(options.calls, terminal);
    if (!calls) return kUsage;
  }
  Checked checked;
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
      auto& findings = checked.files.emplace_back(file, manifest::check(read->manifest)).findings;
      manifest::select(findings, options.selection);
      if (calls) checked.calls.push_back(calls->compare(file, read->manifest));
      if (options.format == ReportFormat::human) {
        print_findings(terminal.out(), file, read->text, findings, terminal);
      }
    }
  }
  print_report(checked, options.format, terminal);
  if (unreadable) return kUsage;
  return checked.ok() ? kFine : kFindings;
}

}  // namespace tongs::cli
