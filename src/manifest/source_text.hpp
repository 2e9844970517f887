#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include <tongs/manifest/manifest.hpp>

namespace tongs::manifest {

/// `text` without a UTF-8 byte order mark at its front.
std::string_view without_bom(std::string_view text) noexcept;

/// Walks forward through a text and knows the line and column of the byte it stands on. A line ends with LF,
/// CR or CR LF (YAML 1.2.2, 5.4).
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) noexcept : text_(text) {}
  /// `offset`: not before the one of the last call.
  Position at(std::size_t offset) noexcept;

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Position here_{1, 1, 0};
};

/// The first thing in a text that no YAML text may hold.
struct ForeignByte {
  enum class Kind { not_utf8, control_character };
  Kind kind;
  std::size_t offset;
};
std::optional<ForeignByte> find_foreign_byte(std::string_view text) noexcept;

/// Where the first line starts that has more than `limit` characters with a meaning in flow style. The YAML
/// library reads a whole line ahead, and a line of nothing but brackets costs it hundreds of bytes for each.
std::optional<std::size_t> find_crowded_line(std::string_view text, std::size_t limit) noexcept;

}  // namespace tongs::manifest
