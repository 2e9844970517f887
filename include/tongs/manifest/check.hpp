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
};

/// All findings of all rules in the order of the text: no rule hides another. Pure. Thread safety: any.
std::vector<Finding> check(const Manifest& manifest);

struct FileReport {
  std::string file;
  std::vector<Finding> findings;

  /// No finding of severity error.
  bool ok() const noexcept;
};

/// `{"files":[{"file","ok","findings":[{"rule","source","severity","message","line","column","path"}]}]}`
std::string to_json(std::span<const FileReport> files);

}  // namespace tongs::manifest
