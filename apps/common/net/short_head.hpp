#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace tongs::net {

/// The head of a message without the inside of its long values, for a parser that looks at every byte: most
/// of a head of Forge is tokens, of which a parser learns nothing. Only characters are left out that cannot
/// mean anything to it: visible ones, between visible ones, in the middle of a field value, and none of a
/// field by which it finds the end of the message. Both heads are parsed alike, and each part of one is a
/// part of the other. Thread safety: none.
class ShortHead {
 public:
  /// Shortens the head at the front of `message`, which must stay. False: it is not whole, or not worth it.
  bool shorten(std::string_view message) noexcept;

  std::string_view text() const noexcept { return {text_.data(), size_}; }
  /// What so many bytes at the front of `text()` are in the whole head.
  std::size_t whole_size(std::size_t size) const noexcept;
  /// What a part of `text()` is in the whole head.
  std::string_view whole(std::string_view part) const noexcept;

 private:
  /// Bytes that are left out behind the first `at` of the text.
  struct Gap {
    std::size_t at, size;
  };

  bool add(std::string_view piece) noexcept;
  bool add_line(std::string_view line) noexcept;

  const char* begin_ = nullptr;  ///< of the whole head
  std::array<char, 2048> text_;
  std::size_t size_ = 0;
  std::array<Gap, 4> gaps_;
  std::size_t gap_count_ = 0;
};

}  // namespace tongs::net
