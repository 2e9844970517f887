#pragma once
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace tongs::cli {

enum class Format : std::uint8_t { human, json };

/// Where a verb writes: results to `out`, everything else to `err`.
class Terminal {
 public:
  enum class Style : std::uint8_t { bold, faint, red, yellow, green };

  Terminal(std::ostream& out, std::ostream& err, bool colour, std::size_t width)
      : out_(out), err_(err), colour_(colour), width_(width) {}

  /// Standard output and error. Colour only if both are terminals and NO_COLOR is not set (no-color.org).
  static Terminal standard();

  std::ostream& out() noexcept { return out_; }
  std::ostream& err() noexcept { return err_; }
  /// Columns of a line.
  std::size_t width() const noexcept { return width_; }
  /// `text` in that style, or as it is where there is no colour.
  std::string paint(Style style, std::string_view text) const;

 private:
  std::ostream& out_;
  std::ostream& err_;
  bool colour_;
  std::size_t width_;
};

/// Foreign text that may be shown: control characters, which could steer a terminal, as `\u00XX`; bytes that
/// are not UTF-8 as U+FFFD.
std::string printable(std::string_view text);

/// Columns that a text without control characters takes on a terminal.
std::size_t columns_of(std::string_view text) noexcept;

/// `1 error`, `2 errors`.
std::string count_of(std::size_t count, std::string_view noun);

}  // namespace tongs::cli
