#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongs::config {

/// How a setting is written, and with it the type of its value (see `Value`).
enum class Kind : std::uint8_t {
  text,
  integer,
  boolean,
  duration,  ///< `250ms`, `30s`, `5m`, `2h`, `1d`
  size,      ///< `16KiB`, `1MiB`, `2GiB`, `512B`, or a number of bytes
  list,      ///< of strings; in the environment with commas between them
  path,      ///< relative to the directory of the file
  address,   ///< to listen on, see `net::ListenAddress`
  url,       ///< http or https
};

/// One key of a configuration, as a row of a program's table.
struct Setting {
  std::string_view section;  ///< `ingress`, or `ingress.tls` for a table in a table
  std::string_view key;
  Kind kind = Kind::text;
  std::string_view about = {};               ///< one sentence, printed above the key
  std::optional<std::string> fallback = {};  ///< as the environment would say it; empty: stays unset
  std::int64_t least = 0;                    ///< of an integer, of milliseconds, of bytes
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::vector<std::string_view> allowed = {};  ///< of a text or of the elements of a list; empty: anything
  bool required = false;                       ///< has no fallback, and must be there
  bool secret = false;                         ///< a text that becomes a Secret and is never printed
  bool live = false;        ///< a running program goes by a new value once it is told to reload
  bool can_be_off = false;  ///< an address or a path: `off` is a value too

  /// `ingress.listen`
  std::string name() const;
  /// `TONGS_INGRESS_LISTEN`
  std::string variable() const;
};

/// All settings of a program. Thread safety: const.
class Schema {
 public:
  /// Preconditions: no two settings share a name or a variable (else std::logic_error is thrown).
  explicit Schema(std::vector<Setting> settings);

  std::span<const Setting> settings() const& noexcept { return settings_; }
  std::span<const Setting> settings() && = delete;
  /// The place of a setting in `settings()`, if there is one of that name.
  std::optional<std::size_t> find(std::string_view section, std::string_view key) const noexcept;
  bool has_section(std::string_view section) const noexcept;
  /// Is there a section whose name continues `path` after a dot?
  bool has_section_below(std::string_view path) const noexcept;
  /// In the order of the table.
  std::span<const std::string_view> sections() const noexcept { return sections_; }
  std::vector<std::string_view> keys_of(std::string_view section) const;

 private:
  std::vector<Setting> settings_;
  std::vector<std::string_view> sections_;
};

}  // namespace tongs::config
