#include "cli/manifest_residency.hpp"

#include <ostream>

#include <tongs/manifest/residency.hpp>

#include "cli/excerpt.hpp"
#include "cli/exit_status.hpp"
#include "cli/manifest_input.hpp"

namespace tongs::cli {

namespace {

using Style = Terminal::Style;

void print_reason(const ManifestFile& file, const manifest::ResidencyReason& reason, Terminal& terminal) {
  const std::string place = printable(file.name) + ":" + std::to_string(reason.at.line) + ":" +
                            std::to_string(reason.at.column) + ": ";
  terminal.out() << terminal.paint(Style::bold, place)
                 << terminal.paint(reason.eligible ? Style::green : Style::red,
                                   reason.eligible ? "fine" : "no")
                 << ": " << printable(reason.message)
                 << terminal.paint(Style::faint, " [" + std::string(reason.rule) + "]") << "\n";
  if (reason.eligible) return;
  terminal.out() << excerpt(file.text, reason.at, terminal) << "  to become eligible: " << reason.mend
                 << "\n";
}

}  // namespace

int run_manifest_residency(const ManifestResidencyOptions& options, Terminal& terminal) {
  const auto file = read_readable_manifest(options.file, terminal);
  if (!file) return kUsage;
  const auto verdict = manifest::residency(file->manifest);
  if (options.format == Format::json) {
    terminal.out() << manifest::to_json(file->name, verdict) << "\n";
  } else {
    for (const auto& reason : verdict.reasons) print_reason(*file, reason, terminal);
    terminal.out() << (verdict.eligible ? terminal.paint(Style::green, "eligible") + " for PINNED\n"
                                        : terminal.paint(Style::red, "not eligible") + " for PINNED\n");
  }
  return verdict.eligible ? kFine : kFindings;
}

}  // namespace tongs::cli
