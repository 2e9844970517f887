#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tongs::cli {

/// A line of a unified diff.
struct DiffLine {
  char mark;  ///< `@` before a hunk, ` `, `-` or `+`
  std::string text;
};

/// The hunks that lead from one text to the other, with three lines around each change. Finds the shortest
/// way where changes are a few lines each, and one that is right always.
std::vector<DiffLine> line_diff(std::string_view before, std::string_view after);

}  // namespace tongs::cli
