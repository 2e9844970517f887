#include "cli/audit.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <ostream>

#include <tongs/ids.hpp>

#include "cli/exit_status.hpp"
#include "cli/time_words.hpp"
#include "gateway/audit/audit_chain.hpp"
#include "json/writer.hpp"

namespace tongs::cli {

namespace {

using gateway::AuditLine;
using gateway::ChainCheck;

/// The lines of a file, one after the other, so that it may be of any size.
class Lines {
 public:
  explicit Lines(const std::string& file) {
    if (file == "-") {
      from_ = &std::cin;
    } else if (!std::filesystem::is_directory(file)) {
      opened_.open(file, std::ios::binary);
      from_ = &opened_;
    }
  }
  bool readable() const { return from_ != nullptr && from_->good(); }
  /// False at the end.
  bool next() {
    if (!std::getline(*from_, line_)) return false;
    ++number_;
    return true;
  }
  const std::string& line() const noexcept { return line_; }
  std::size_t number() const noexcept { return number_; }
  /// Had the last line no end of its own?
  bool torn() const { return from_->eof(); }

 private:
  std::ifstream opened_;
  std::istream* from_ = nullptr;
  std::string line_;
  std::size_t number_ = 0;
};

int unreadable(const std::string& file, Terminal& terminal) {
  terminal.err() << "tongs: " << printable(file) << " cannot be read\n";
  return kUsage;
}

void print(const AuditLine& line, Terminal& terminal) {
  const auto style = line.outcome == "done" ? Terminal::Style::green : Terminal::Style::red;
  terminal.out() << terminal.paint(Terminal::Style::faint, printable(line.time)) << "  "
                 << printable(line.event) << " " << terminal.paint(style, printable(line.outcome));
  const auto fact = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) terminal.out() << "  " << name << "=" << printable(value);
  };
  fact("installation", line.installation);
  fact("account", line.account);
  fact("client", line.client);
  fact("by", line.actor);
  fact("reason", line.reason);
  terminal.out() << "\n";
}

/// Where a chain breaks.
struct Break {
  std::string file;
  std::size_t line;
  std::string why;
};

struct Verdict {
  std::optional<Break> broken;
  std::size_t lines = 0;
  bool torn = false;  ///< the last line of all is not whole
};

/// Follows the chain through one file.
void follow(const std::string& file, Lines& lines, ChainCheck& chain, Verdict& verdict) {
  while (lines.next()) {
    if (lines.torn()) {
      verdict.torn = true;
      return;
    }
    const auto line = gateway::read_audit_line(lines.line());
    const std::string why(line ? chain.follow(*line) : line.error().message());
    if (!why.empty()) {
      verdict.broken = Break{file, lines.number(), why};
      return;
    }
    ++verdict.lines;
  }
}

void report_json(const Verdict& verdict, const ChainCheck& chain, Terminal& terminal) {
  JsonWriter out;
  out.open_object().name("valid").boolean(!verdict.broken);
  out.name("lines").integer(static_cast<std::int64_t>(verdict.lines));
  if (chain.end()) {
    out.name("first").integer(static_cast<std::int64_t>(chain.begin()));
    out.name("last").integer(static_cast<std::int64_t>(chain.end()->seq));
    out.name("hash").string(chain.end()->hash);
  }
  out.name("torn").boolean(verdict.torn);
  if (verdict.broken) {
    out.name("file").string(verdict.broken->file);
    out.name("line").integer(static_cast<std::int64_t>(verdict.broken->line));
    out.name("why").string(verdict.broken->why);
  }
  out.close_object();
  terminal.out() << out.text() << "\n";
}

void report_human(const Verdict& verdict, const ChainCheck& chain, Terminal& terminal) {
  if (verdict.broken) {
    terminal.out() << printable(verdict.broken->file) << ":" << verdict.broken->line << ": "
                   << terminal.paint(Terminal::Style::red, "broken") << ": " << printable(verdict.broken->why)
                   << "\n";
    return;
  }
  terminal.out() << terminal.paint(Terminal::Style::green, "unbroken") << ", "
                 << count_of(verdict.lines, "line");
  if (chain.end()) {
    terminal.out() << ", numbers " << chain.begin() << " to " << chain.end()->seq << "\n  ends with "
                   << chain.end()->hash;
    if (chain.begin() > 1) {
      terminal.out() << "\n  what came before number " << chain.begin() << " is not in these files";
    }
  }
  terminal.out() << "\n";
  if (verdict.torn) {
    terminal.out() << "  the last line is not whole: its writer was killed, or is at it right now; the next "
                      "start of the gateway cuts it off\n";
  }
}

}  // namespace

int run_audit_show(const AuditShowOptions& options, Terminal& terminal) {
  const auto since = options.since.empty() ? std::nullopt : parse_time(options.since);
  if (!options.since.empty() && !since) {
    terminal.err() << "tongs: --since: write a time such as 2026-01-02T03:04:05Z, or seconds since 1970\n";
    return kUsage;
  }
  // Times in the log have one form, so that they compare as texts.
  const std::string earliest = since ? rfc3339(*since).substr(0, 19) : std::string();
  const auto id = InstallationId::parse(options.installation);
  const std::string_view installation = id ? id->bare() : std::string_view(options.installation);
  Lines lines(options.file);
  if (!lines.readable()) return unreadable(options.file, terminal);
  bool changed = false;
  while (lines.next()) {
    const auto line = gateway::read_audit_line(lines.line());
    if (!line) {
      if (lines.torn()) break;
      terminal.err() << "tongs: " << printable(options.file) << ":" << lines.number() << ": "
                     << line.error().message() << "\n";
      changed = true;
      continue;
    }
    if (!installation.empty() && line->installation != installation) continue;
    if (!options.event.empty() && line->event != options.event) continue;
    if (line->time < earliest) continue;
    if (options.format == Format::json) {
      terminal.out() << lines.line() << "\n";
    } else {
      print(*line, terminal);
    }
  }
  return changed ? kFindings : kFine;
}

int run_audit_verify(const AuditVerifyOptions& options, Terminal& terminal) {
  ChainCheck chain;
  Verdict verdict;
  for (const std::string& file : options.files) {
    Lines lines(file);
    if (!lines.readable()) return unreadable(file, terminal);
    if (verdict.torn) {
      verdict.broken = Break{file, 1, "the file before this one ends in the middle of a line"};
      break;
    }
    follow(file, lines, chain, verdict);
    if (verdict.broken) break;
  }
  if (options.format == Format::json) {
    report_json(verdict, chain, terminal);
  } else {
    report_human(verdict, chain, terminal);
  }
  return verdict.broken ? kFindings : kFine;
}

}  // namespace tongs::cli
