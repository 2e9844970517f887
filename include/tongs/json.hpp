#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tongs/result.hpp>

namespace tongs {

class JsonDocument;

/// One value of a parsed document: a borrowed view, two words, free to copy. Valid as long as its document.
/// Reading the wrong kind, a missing member or past the end gives an empty view or nullopt, never an error:
/// foreign answers change, and what must be there is checked where it is needed. Thread safety: const.
class JsonView {
 public:
  enum class Kind : std::uint8_t { missing, null, boolean, integer, real, string, array, object };

  JsonView() noexcept = default;

  Kind kind() const noexcept;
  bool exists() const noexcept { return kind() != Kind::missing; }
  explicit operator bool() const noexcept { return exists(); }
  bool is_null() const noexcept { return kind() == Kind::null; }

  /// The first member of that name, or a missing view (also if this is no object).
  JsonView operator[](std::string_view name) const noexcept;
  /// The member at the end of a path of names: `view.at("fields", "status", "name")`.
  template <class... Names>
  JsonView at(Names... names) const noexcept {
    JsonView here = *this;
    ((here = here[names]), ...);
    return here;
  }

  std::optional<std::string_view> string() const noexcept;
  std::optional<std::int64_t> integer() const noexcept;  ///< only a JSON number without fraction that fits
  std::optional<double> number() const noexcept;         ///< the nearest; nothing beyond what a double holds
  std::optional<bool> boolean() const noexcept;
  /// The string, or `fallback` if this is none.
  std::string_view string_or(std::string_view fallback) const noexcept { return string().value_or(fallback); }

  /// Elements of an array or members of an object; 0 for everything else.
  std::size_t size() const noexcept;
  /// This value as compact JSON text. A number that 64 bits do not hold is written as it was.
  std::string text() const;

  class Iterator;
  /// Range over the elements of an array or the values of an object; empty for everything else.
  Iterator begin() const noexcept;
  Iterator end() const noexcept;

 private:
  friend class JsonDocument;
  friend class Iterator;
  JsonView(const void* document, std::size_t index) noexcept : document_(document), index_(index) {}
  const void* document_ = nullptr;
  std::size_t index_ = 0;
};

/// Walks an array or object in the order of the text. `key()` is empty in an array.
class JsonView::Iterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = JsonView;
  using difference_type = std::ptrdiff_t;
  using pointer = const JsonView*;
  using reference = JsonView;

  Iterator() noexcept = default;
  JsonView operator*() const noexcept;
  std::string_view key() const noexcept;
  Iterator& operator++() noexcept;
  Iterator operator++(int) noexcept {
    Iterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.index_ == b.index_; }

 private:
  friend class JsonView;
  Iterator(const void* document, std::size_t index, bool object) noexcept
      : document_(document), index_(index), object_(object) {}
  const void* document_ = nullptr;
  std::size_t index_ = 0;
  bool object_ = false;
};

/// A parsed JSON text (RFC 8259, UTF-8). Move-only; views into it stay valid when it is moved. The text may
/// hold a secret: what was copied of it is wiped when the document ends.
/// Thread safety: const.
class JsonDocument {
 public:
  struct Limits {
    std::size_t max_bytes = std::size_t{64} * 1024 * 1024;
    std::size_t max_depth = 128;
    /// Refuse an object in which a name stands twice (RFC 8259 section 4 leaves the outcome open; a security
    /// decision must not depend on it).
    bool unique_names = false;
  };

  /// Errors: malformed_response, with the reason (too large, too deep, not JSON, duplicate name).
  static Result<JsonDocument> parse(std::string_view text, const Limits& limits);
  static Result<JsonDocument> parse(std::string_view text) { return parse(text, Limits{}); }

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonView root() const noexcept;
  JsonView operator[](std::string_view name) const noexcept { return root()[name]; }

 private:
  struct Impl;
  explicit JsonDocument(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

/// `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
std::string json_quote(std::string_view text);

}  // namespace tongs
