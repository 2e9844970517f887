#include "cli/manifest_diff.hpp"

#include <ostream>

#include "cli/exit_status.hpp"
#include "cli/manifest_input.hpp"

namespace tongs::cli {

namespace {

using Style = Terminal::Style;

std::string painted(manifest::Impact impact, const Terminal& terminal) {
  const auto style = impact == manifest::Impact::major   ? Style::red
                     : impact == manifest::Impact::minor ? Style::yellow
                                                         : Style::green;
  return terminal.paint(style, manifest::to_string(impact));
}

std::string impacts(manifest::Impact current, manifest::Impact announced, const Terminal& terminal) {
  return painted(current, terminal) + " today, " + painted(announced, terminal) + " as announced";
}

void print_side(std::string_view mark, std::string_view file, const std::optional<manifest::Position>& at,
                Terminal& terminal) {
  if (!at) return;
  terminal.out() << terminal.paint(Style::faint, "  " + std::string(mark) + " " + printable(file) + ":" +
                                                     std::to_string(at->line) + ":" +
                                                     std::to_string(at->column))
                 << "\n";
}

}  // namespace

int run_manifest_diff(const ManifestDiffOptions& options, Terminal& terminal) {
  if (options.before == "-" && options.after == "-") {
    terminal.err() << "tongs: only one of the two manifests can come from standard input\n";
    return kUsage;
  }
  const bool git = !options.revision.empty();
  const auto before = git ? read_manifest_of_revision(options.before, options.revision, terminal)
                          : read_readable_manifest(options.before, terminal);
  const auto after = read_readable_manifest(git ? options.before : options.after, terminal);
  if (!before || !after) return kUsage;
  const auto result = manifest::diff(before->manifest, after->manifest);
  if (options.format == Format::json) {
    terminal.out() << manifest::to_json(result) << "\n";
  } else {
    for (const auto& change : result.changes) {
      terminal.out() << terminal.paint(Style::bold, printable(change.remote)) << ": "
                     << printable(change.message) << " ("
                     << impacts(change.current, change.announced, terminal) << ")"
                     << terminal.paint(Style::faint, " [" + std::string(change.rule) + "]") << "\n";
      print_side("before", before->name, change.before, terminal);
      print_side("after ", after->name, change.after, terminal);
    }
    terminal.out() << "upgrade: " << impacts(result.current, result.announced, terminal) << "\n";
  }
  return options.fail_on && result.current >= *options.fail_on ? kFindings : kFine;
}

}  // namespace tongs::cli
