#include "cli/token_times.hpp"

#include <ostream>

#include "cli/time_words.hpp"

namespace tongs::cli {

void print_times(JsonView claims, WallTime now, Terminal& terminal) {
  auto& out = terminal.out();
  bool first = true;
  for (const auto name : kTimeClaims) {
    const auto at = time_claim(claims[name]);
    if (!at) continue;
    if (first) out << "\n" << terminal.paint(Terminal::Style::bold, "times") << "\n";
    first = false;
    out << name << "  " << rfc3339(*at) << "  " << claim_in_words(name, *at, now) << "\n";
  }
}

}  // namespace tongs::cli
