#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <tongs/manifest/manifest.hpp>

/// YAML 1.2 as a tree in which every node knows its place. Nothing here knows what a manifest is.
namespace tongs::manifest::yaml {

enum class Kind : std::uint8_t { missing, null, boolean, integer, real, string, sequence, mapping };

class Tree;
struct Entry;
template <class Value>
class Range;

/// A borrowed view of a node, two words, free to copy; valid as long as its tree. An alias reads as the node
/// it stands for, but has its own position. Reading the wrong kind or what is not there gives a missing node.
class Node {
 public:
  Node() noexcept = default;

  Kind kind() const noexcept;
  explicit operator bool() const noexcept { return kind() != Kind::missing; }
  bool is_null() const noexcept { return kind() == Kind::null; }
  bool is_string() const noexcept { return kind() == Kind::string; }
  bool is_sequence() const noexcept { return kind() == Kind::sequence; }
  bool is_mapping() const noexcept { return kind() == Kind::mapping; }

  /// Of a value that is left out (`key:`), the position of what it belongs to.
  Position at() const noexcept;
  /// The content of a scalar of any kind, else empty.
  std::string_view text() const noexcept;
  std::optional<bool> boolean() const noexcept;

  /// Items or entries.
  std::size_t size() const noexcept;
  Range<Node> items() const noexcept;
  Range<Entry> entries() const noexcept;
  /// The value of the first entry with that key.
  Node operator[](std::string_view key) const noexcept;
  /// The key node of that entry.
  Node key(std::string_view key) const noexcept;

 private:
  friend class Tree;
  template <class Value>
  friend class Range;
  Node(const Tree* tree, std::uint32_t index) noexcept : tree_(tree), index_(index) {}
  const Tree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

struct Entry {
  Node key;
  Node value;
};

/// Why a text is not one clear YAML document.
struct Problem {
  enum class Kind : std::uint8_t {
    syntax,
    encoding,
    version,
    limits,
    several_documents,
    duplicate_key,
    unresolved_alias,
  };
  Kind kind;
  Position at;
  std::string message;
};

/// A text, read. Immutable, and cheap: one flat array of nodes, one of links, one string. Thread safety:
/// const.
class Tree {
 public:
  /// Never fails; see `problems`. Work and memory are bounded by the limits of Manifest, whatever the text
  /// is.
  static Tree parse(std::string_view text);

  /// The first document; missing if there is none or the text could not be read to its end.
  Node root() const noexcept;
  /// The node with that number (`Position::node`); missing if there is none.
  Node node(std::uint32_t number) const noexcept;
  /// In the order of the text.
  const std::vector<Problem>& problems() const noexcept { return problems_; }
  /// JSON Pointer (RFC 6901) of the node with that number (`Position::node`). A key of more than 255 bytes is
  /// cut short in it.
  std::string path(std::uint32_t node) const;
  /// The text under `key` of the innermost map with one that the node is or stands in; empty if there is
  /// none.
  std::string key_around(std::uint32_t node) const;

  /// Replaces the content of every string value (never a key) for which `change` gives another one.
  void rewrite_strings(
      const std::function<std::optional<std::string>(std::string_view, const Position&)>& change);

 private:
  friend class Node;
  template <class Value>
  friend class Range;
  friend class TreeBuilder;

  struct Record {
    Kind kind = Kind::missing;
    bool is_key = false;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t parent = 0;
    std::uint32_t place = 0;   ///< among the links of its parent
    std::uint32_t target = 0;  ///< the node to read: this one, or the one that an alias stands for
    std::uint32_t begin = 0;   ///< scalar: into text_; collection: into links_
    std::uint32_t size = 0;    ///< bytes or links; a mapping links key, value, key, value
  };

  const Record& record(std::uint32_t index) const noexcept { return records_[index]; }
  const Record& resolved(std::uint32_t index) const noexcept { return records_[records_[index].target]; }

  std::vector<Record> records_;  ///< the first one is the missing node
  std::vector<std::uint32_t> links_;
  std::string text_;
  std::uint32_t root_ = 0;
  std::vector<Problem> problems_;
};

/// The items of a sequence or the entries of a mapping.
template <class Value>
class Range {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using pointer = const Value*;
    using reference = Value;

    Iterator(const Tree* tree, std::uint32_t link) noexcept : tree_(tree), link_(link) {}
    Value operator*() const noexcept;
    Iterator& operator++() noexcept {
      link_ += kStep;
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.link_ == b.link_; }

   private:
    const Tree* tree_;
    std::uint32_t link_;
  };

  Iterator begin() const noexcept { return {tree_, first_}; }
  Iterator end() const noexcept { return {tree_, last_}; }

 private:
  friend class Node;
  static constexpr std::uint32_t kStep = std::is_same_v<Value, Entry> ? 2 : 1;
  Range(const Tree* tree, std::uint32_t first, std::uint32_t last) noexcept
      : tree_(tree), first_(first), last_(last) {}
  const Tree* tree_;
  std::uint32_t first_;
  std::uint32_t last_;
};

template <>
inline Node Range<Node>::Iterator::operator*() const noexcept {
  return {tree_, tree_->links_[link_]};
}
template <>
inline Entry Range<Entry>::Iterator::operator*() const noexcept {
  return {Node(tree_, tree_->links_[link_]), Node(tree_, tree_->links_[link_ + 1])};
}

}  // namespace tongs::manifest::yaml
