#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/manifest/manifest.hpp>

namespace tongs::manifest {

/// What only the owner of an app knows.
struct FixOptions {
  /// What remotes that store data without saying which are to say. None: they are left as they are.
  std::optional<bool> in_scope_eud = {};
  /// What remotes without `operations` are for. Empty: they are left as they are.
  std::vector<Operation> operations = {};
};

/// A change of the text that was made.
struct Fix {
  std::string_view rule;  ///< that it mends
  std::string message;    ///< such as `'baseURL' is now 'baseUrl'`
  Position at;            ///< in the text before
};

struct Fixed {
  std::string text;
  std::vector<Fix> fixes;  ///< in the order in which they were made
};

/// The text with what can be mended safely: misspelt words where one is near and the manifest has fewer
/// findings with it, and what the options say. Every other byte, comments among them, stays. Pure. Thread
/// safety: any.
Fixed fix(std::string_view text, const FixOptions& options = {});

}  // namespace tongs::manifest
