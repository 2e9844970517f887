#include "cli/finding_print.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include "cli/excerpt.hpp"

namespace tongs::cli {

void print_findings(std::ostream& out, std::string_view file, std::string_view text,
                    std::span<const manifest::Finding> findings, const Terminal& terminal) {
  using Style = Terminal::Style;
  constexpr std::size_t most_shown = 200;
  for (const auto& finding : findings.first(std::min(findings.size(), most_shown))) {
    const bool error = finding.rule->severity == manifest::Severity::error;
    const std::string place = printable(file) + ":" + std::to_string(finding.at.line) + ":" +
                              std::to_string(finding.at.column) + ": ";
    std::string tail = " [" + std::string(finding.rule->id) + "]";
    if (!finding.rule->code.empty()) tail += " (" + std::string(finding.rule->code) + ")";
    out << terminal.paint(Style::bold, place)
        << terminal.paint(error ? Style::red : Style::yellow, error ? "error" : "warning") << ": "
        << printable(finding.message) << terminal.paint(Style::faint, tail) << "\n"
        << excerpt(text, finding.at, terminal);
  }
  if (findings.size() > most_shown) {
    out << printable(file) << ": " << findings.size() - most_shown << " more, see --format json\n";
  }
}

}  // namespace tongs::cli
