#include "cli/manifest_fix.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>

#include <unistd.h>

#include <tongs/manifest/fix.hpp>

#include "cli/exit_status.hpp"
#include "cli/line_diff.hpp"
#include "cli/manifest_input.hpp"

namespace tongs::cli {

namespace {

namespace fs = std::filesystem;
using Style = Terminal::Style;

manifest::FixOptions choices_of(const ManifestFixOptions& options) {
  using enum manifest::Operation;
  manifest::FixOptions out{options.in_scope_eud, {}};
  for (const std::string& name : options.operations) {
    for (const auto operation : {storage, compute, fetch, other}) {
      if (manifest::to_string(operation) == name) out.operations.push_back(operation);
    }
  }
  return out;
}

/// All of the text or none of it: what reads the file meanwhile sees the old one or the new one.
bool replace_content(const std::string& file, const std::string& text) {
  std::error_code failure;
  const fs::path target = fs::canonical(file, failure);
  if (failure) return false;
  std::string name = target.string() + ".XXXXXX";
  const int descriptor = mkstemp(name.data());
  if (descriptor < 0) return false;
  ::close(descriptor);
  std::ofstream out(name, std::ios::binary);
  out << text;
  out.close();
  fs::permissions(name, fs::status(target, failure).permissions(), failure);
  if (out && !failure) fs::rename(name, target, failure);
  if (!out || failure) fs::remove(name, failure);
  return out && !failure;
}

void print_diff(const std::string& file, const std::string& before, const std::string& after,
                Terminal& terminal) {
  terminal.out() << terminal.paint(Style::bold, "--- " + printable(file)) << "\n"
                 << terminal.paint(Style::bold, "+++ " + printable(file)) << "\n";
  for (const DiffLine& line : line_diff(before, after)) {
    const auto shown = std::string(1, line.mark) + printable(line.text);
    terminal.out() << (line.mark == '+'   ? terminal.paint(Style::green, shown)
                       : line.mark == '-' ? terminal.paint(Style::red, shown)
                       : line.mark == '@' ? terminal.paint(Style::faint, shown)
                                          : shown)
                   << "\n";
  }
}

void print_fixes(const ManifestFile& file, const manifest::Fixed& fixed, Terminal& terminal) {
  for (const auto& fix : fixed.fixes) {
    terminal.out() << printable(file.name) << ":" << fix.at.line << ":" << fix.at.column << ": "
                   << printable(fix.message)
                   << terminal.paint(Style::faint, " [" + std::string(fix.rule) + "]") << "\n";
  }
}

/// Exit status for one file.
int fix_file(const std::string& name, const ManifestFixOptions& options, Terminal& terminal) {
  const auto file = read_readable_manifest(name, terminal);
  if (!file) return kUsage;
  const auto fixed = manifest::fix(file->text, choices_of(options));
  if (fixed.fixes.empty()) {
    terminal.out() << printable(name) << ": nothing to mend\n";
    return kFine;
  }
  if (options.dry_run) {
    print_diff(name, file->text, fixed.text, terminal);
    return kFindings;
  }
  print_fixes(*file, fixed, terminal);
  if (replace_content(name, fixed.text)) return kFine;
  terminal.err() << "tongs: " << printable(name) << ": it cannot be written\n";
  return kFailure;
}

}  // namespace

int run_manifest_fix(const ManifestFixOptions& options, Terminal& terminal) {
  int status = kFine;
  for (const std::string& file : options.files) {
    if (file == "-") {
      terminal.err() << "tongs: fix changes files: standard input is none\n";
      return kUsage;
    }
    status = std::max(status, fix_file(file, options, terminal));
  }
  return status;
}

}  // namespace tongs::cli
