#pragma once
#include <cstdint>
#include <string>

namespace tongs::config {

/// A place in a text: line and column count from 1, columns in characters. 0: nowhere in particular.
struct Position {
  std::uint32_t line = 0, column = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

/// Where a value, or what is wrong with one, comes from.
struct Origin {
  enum class Kind : std::uint8_t { fallback, file, environment };
  Kind kind = Kind::fallback;
  std::string name = {};  ///< of the file or the variable
  Position at = {};       ///< in a file

  /// `default`, `tongs.toml:3` or the name of the variable.
  std::string text() const;
};

/// Something that the person who wrote the configuration must change.
struct Finding {
  Origin where;
  std::string message;  ///< what is wrong and how to mend it; never the value

  /// `tongs.toml:3:10: message` or `TONGS_LOG_LEVEL: message`.
  std::string text() const;
};

}  // namespace tongs::config
