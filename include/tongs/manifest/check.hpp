#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/manifest/manifest.hpp>

namespace tongs::manifest {

/// Who says that something is wrong.
enum class Source : std::uint8_t {
  forge,      ///< the official tool reports it too
  reference,  ///< the manifest reference says so, the official tool does not look
  tongs,      ///< our advice
};
enum class Severity : std::uint8_t { error, warning };
std::string_view to_string(Source source) noexcept;
std::string_view to_string(Severity severity) noexcept;

/// A rule, as the catalogue and `tongs manifest explain` show it. All text lives as long as the program.
struct Rule {
  std::string_view id;  ///< kebab-case, never changes its meaning
  Source source;
  Severity severity;
  std::string_view code;     ///< what the official tool prints beside it; empty if it does not look
  std::string_view summary;  ///< what must hold
  std::string_view mend;     ///< what to do where it does not
  std::string_view bad;      ///< YAML that breaks it
  std::string_view good;     ///< the same, mended
};

/// Every rule, by family, in a fixed order.
std::vector<const Rule*> all_rules();
/// Null if there is none of that id.
const Rule* find_rule(std::string_view id) noexcept;

struct Finding {
  const Rule* rule;
  std::string
      message;  ///< what is wrong and how to mend it; may quote the manifest, with control characters escaped
  Position at;
  std::string path;  ///< JSON Pointer (RFC 6901) of the node; empty for the document
  std::string key;   ///< of the remote, endpoint or other module in which it stands; empty if in none
  /// The word that was most probably meant in place of the scalar that stands there; empty if none is near.
  std::string meant;
};

/// Does it say why the manifest is not `readable()`? Nothing excuses such a finding: what could not be read
/// was not checked.
bool hinders_reading(const Finding& finding) noexcept;

/// All findings of all rules in the order of the text: no rule hides another. What a comment
/// `# tongs-ignore RULE…` excuses is left out: on its own line, or alone on the line before. Pure. Thread
/// safety: any.
std::vector<Finding> check(const Manifest& manifest);

/// Which findings somebody wants. A word is the id of a rule or a code of the official tool, and may end with
/// `:KEY` for what stands in the remote, endpoint or other module of that key.
struct Selection {
  std::vector<std::string> only = {};  ///< empty: all
  std::vector<std::string> ignored = {};
};
/// Does a word of a selection name a rule or a code that there is?
bool names_rules(std::string_view word) noexcept;
/// Removes what is not wanted, except what hinders reading.
void select(std::vector<Finding>& findings, const Selection& selection);

struct FileReport {
  std::string file;
  std::vector<Finding> findings;

  /// No finding of severity error.
  bool ok() const noexcept;
};

/// `{"files":[{"file","ok","findings":[{"rule","source","severity","message","line","column","path"}]}]}`
std::string to_json(std::span<const FileReport> files);
/// SARIF 2.1.0 (OASIS), with the rules that were broken.
std::string to_sarif(std::span<const FileReport> files, std::string_view version);
/// Workflow commands of GitHub Actions, which shows them beside the lines: `::error file=…,line=…::…`.
std::string to_github(std::span<const FileReport> files);

/// All rules with their examples, as the page docs/rules.md.
std::string rules_page();

}  // namespace tongs::manifest
