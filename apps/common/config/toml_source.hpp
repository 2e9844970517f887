#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/config/finding.hpp"

namespace tongs::config {

struct Node;

/// A name in a table, and where it stands.
struct Member;
using Table = std::vector<Member>;
using Array = std::vector<Node>;

/// What no setting can be made of, such as a date, in words: `a date`.
using Foreign = std::string_view;

/// A value of a TOML text (TOML 1.0.0) and where it stands.
struct Node {
  std::variant<std::string, std::int64_t, bool, Array, Table, Foreign> value;
  Position at;

  /// `a string`, `a whole number`, `a table` …
  std::string_view kind() const noexcept;
};

struct Member {
  std::string name;
  Position at;
  Node node;
};

struct SyntaxError {
  Position at;
  std::string message;
};

struct ParsedToml {
  /// Without the lines that have errors; empty if it is unclear what the rest means.
  std::optional<Table> root;
  std::vector<SyntaxError> errors;
};

inline constexpr std::size_t kMaxTomlBytes = std::size_t{1024} * 1024;

/// Parses up to `kMaxTomlBytes`; more is an error. A byte order mark and CRLF are fine.
ParsedToml parse_toml(std::string_view text);

}  // namespace tongs::config
