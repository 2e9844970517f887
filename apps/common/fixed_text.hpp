#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace tongs {

/// A text of at most `N` characters in its own memory. What does not fit is left out. Thread safety: const.
template <std::size_t N>
class FixedText {
 public:
  FixedText() noexcept = default;
  explicit FixedText(std::string_view text) noexcept { append(text); }

  std::string_view view() const noexcept { return {characters_.data(), size_}; }
  std::size_t size() const noexcept { return size_; }

  FixedText& append(std::string_view text) noexcept {
    text = text.substr(0, N - size_);
    std::ranges::copy(text, characters_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += text.size();
    return *this;
  }

 private:
  std::array<char, N> characters_{};
  std::size_t size_ = 0;
};

}  // namespace tongs
